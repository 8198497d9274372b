#include <gtest/gtest.h>

#include "base/guid.h"
#include "base/record_id.h"
#include "base/result.h"
#include "base/text.h"
#include "base/time.h"
#include "model/digest.h"

namespace cosell {
namespace {

TEST(TimeTest, StampsOfEveryRemoteAreRead) {
  const auto at = [](const char* text) { return FormatInstant(ParseInstant(text).value()); };
  EXPECT_EQ(at("2024-05-14T09:31:07.4412309Z"), "2024-05-14T09:31:07.4412309Z");
  EXPECT_EQ(at("2024-05-13T15:02:44.810144Z"), "2024-05-13T15:02:44.810144Z");
  EXPECT_EQ(at("2024-05-14T10:05:12Z"), "2024-05-14T10:05:12Z");
  EXPECT_EQ(at("2024-05-14T09:31:07.4412309+00:00"), "2024-05-14T09:31:07.4412309Z");
  EXPECT_EQ(at("2026-03-01T09:13:03.000+0000"), "2026-03-01T09:13:03Z");
  EXPECT_EQ(at("2024-05-13T14:58:21.3340012"), "2024-05-13T14:58:21.3340012Z");
  EXPECT_EQ(at("2024-05-14T01:00:00+02:30"), "2024-05-13T22:30:00Z");
  EXPECT_EQ(at("2024-05-14T09:31:07.123456789Z"), "2024-05-14T09:31:07.1234567Z");
}

TEST(TimeTest, WhatIsNoStampIsRefused) {
  for (const char* text :
       {"", "2024-05-14", "2024-13-01T00:00:00Z", "2024-02-30T00:00:00Z", "2024-05-14T24:00:00Z",
        "2024-05-14T09:31:07.Z", "2024-05-14T09:31:07Zx", "14.05.2024"}) {
    EXPECT_FALSE(ParseInstant(text)) << text;
  }
}

TEST(TimeTest, HttpDatesGoBothWays) {
  const Instant at = ParseInstant("2026-03-01T09:12:44Z").value();
  EXPECT_EQ(FormatHttpDate(at), "Sun, 01 Mar 2026 09:12:44 GMT");
  EXPECT_EQ(ParseHttpDate("Sun, 01 Mar 2026 09:12:44 GMT"), at);
  EXPECT_FALSE(ParseHttpDate("120"));
}

TEST(TimeTest, ACloseDateNeverShiftsByADay) {
  EXPECT_EQ(CalendarDate("2026-09-30T00:00:00Z"), "2026-09-30");
  EXPECT_EQ(CalendarDate("2026-09-30T23:59:59.9999999Z"), "2026-09-30");
  EXPECT_EQ(CalendarDate("2026-09-30"), "2026-09-30");
  EXPECT_EQ(CalendarDate("2026-10-01T01:00:00+02:00"), "2026-09-30");
  EXPECT_FALSE(CalendarDate("2026-02-30"));
  EXPECT_FALSE(CalendarDate(""));
}

TEST(TimeTest, TheDatabasesUnitKeepsMilliseconds) {
  const Instant at = ParseInstant("2026-03-01T09:12:44.1239999Z").value();
  EXPECT_EQ(FormatInstant(FromUnixMs(ToUnixMs(at))), "2026-03-01T09:12:44.123Z");
}

TEST(GuidTest, OnlyGuidsAreGuids) {
  EXPECT_EQ(NormalizeGuid("{7C1E2F90-4B1D-4C3A-9A55-0D2B8F61A001}"),
            "7c1e2f90-4b1d-4c3a-9a55-0d2b8f61a001");
  EXPECT_FALSE(NormalizeGuid("7c1e2f90-4b1d-4c3a-9a55-0d2b8f61a00"));
  EXPECT_FALSE(NormalizeGuid("7c1e2f90-4b1d-4c3a-9a55-0d2b8f61a0g1"));
  EXPECT_FALSE(NormalizeGuid("7c1e2f90_4b1d_4c3a_9a55_0d2b8f61a001"));
}

TEST(GuidTest, SeededGuidsRepeatAndAreVersionFour) {
  SeededRandom one(1), other(1), third(2);
  const std::string guid = NewGuid(one);
  EXPECT_EQ(guid, NewGuid(other));
  EXPECT_NE(guid, NewGuid(third));
  EXPECT_EQ(guid[14], '4');
  EXPECT_EQ(NormalizeGuid(guid), guid);
}

TEST(SalesforceIdTest, ChecksumIsAppendedToFifteenCharacters) {
  EXPECT_EQ(NormalizeSalesforceId("0065g00000Qm1Kd"), "0065g00000Qm1KdAAJ");
  EXPECT_EQ(NormalizeSalesforceId("00D5g000004TqAz"), "00D5g000004TqAzEAK");
  EXPECT_EQ(NormalizeSalesforceId("0055g00000DnYxE"), "0055g00000DnYxEAAV");
  EXPECT_EQ(NormalizeSalesforceId("ABCDEFGHIJKLMNO"), "ABCDEFGHIJKLMNO555");
  EXPECT_EQ(NormalizeSalesforceId("000000000000000"), "000000000000000AAA");
}

TEST(SalesforceIdTest, EighteenCharactersMustFitTheirChecksum) {
  EXPECT_EQ(NormalizeSalesforceId("0065g00000Qm1KdAAJ"), "0065g00000Qm1KdAAJ");
  EXPECT_FALSE(NormalizeSalesforceId("0065g00000Qm1KdAAK"));
  EXPECT_FALSE(NormalizeSalesforceId("0065g00000Qm1kdAAJ")) << "one letter in the other case";
  EXPECT_FALSE(NormalizeSalesforceId("0065g00000Qm1Kd666")) << "6 is no checksum character";
}

TEST(SalesforceIdTest, FoldedCaseIsRepaired) {
  EXPECT_EQ(NormalizeSalesforceId("0065g00000qm1kdaaj"), "0065g00000Qm1KdAAJ");
  EXPECT_EQ(NormalizeSalesforceId("0065G00000QM1KDAAJ"), "0065g00000Qm1KdAAJ");
  EXPECT_EQ(NormalizeSalesforceId("0065g00000Qm1Kdaaj"), "0065g00000Qm1KdAAJ");
  EXPECT_FALSE(NormalizeSalesforceId("0065g00000qm1kdaae")) << "a digit has no case";
  EXPECT_FALSE(NormalizeSalesforceId("0065g00000qm1kd666"));
}

TEST(SalesforceIdTest, RefusesWhatIsNoId) {
  for (const char* const text :
       {"", "0065g00000Qm1K", "0065g00000Qm1KdA", "0065g00000Qm1KdAAJA", "0065g00000Qm1K-",
        "0065g00000Qm1K'", "0065g00000Qm1\xc3\xa4", "0065g00000Qm1KdAA ", "00D5g000004TqAz!AQ"}) {
    EXPECT_FALSE(NormalizeSalesforceId(text)) << text;
  }
}

TEST(RecordIdTest, EverySpellingOfAnIdIsStoredAsOne) {
  EXPECT_EQ(CanonicalRecordId(" {7C1E2F90-4B1D-4C3A-9A55-0D2B8F61A001} "),
            "7c1e2f90-4b1d-4c3a-9a55-0d2b8f61a001");
  EXPECT_EQ(CanonicalRecordId("0065g00000Qm1Kd"), "0065g00000Qm1KdAAJ");
  EXPECT_EQ(CanonicalRecordId("OPP-17 "), "OPP-17");
}

TEST(DigestTest, KnownAnswers) {
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha3Hex("abc"), "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
}

TEST(DigestTest, ADerivedIdIsAlwaysTheSameAndDiffersByPurpose) {
  const std::string id = DerivedGuid("opportunity", "7c1e2f90-4b1d-4c3a-9a55-0d2b8f61a001");
  EXPECT_EQ(id, DerivedGuid("opportunity", "7c1e2f90-4b1d-4c3a-9a55-0d2b8f61a001"));
  EXPECT_NE(id, DerivedGuid("account", "7c1e2f90-4b1d-4c3a-9a55-0d2b8f61a001"));
  EXPECT_EQ(NormalizeGuid(id), id);
  EXPECT_EQ(id[14], '8');
}

TEST(TextTest, LengthsAreCountedAsTheCrmsCountThem) {
  EXPECT_EQ(Utf16Length("Göteborg"), 8u);
  EXPECT_EQ(Utf16Length("\xF0\x9F\x9A\xA2"), 2u);
  EXPECT_EQ(TruncateUtf16("ab\xF0\x9F\x9A\xA2", 3), "ab");
  EXPECT_EQ(TruncateUtf16("Göteborg", 2), "Gö");
}

TEST(TextTest, BrokenUtf8IsRecognised) {
  EXPECT_TRUE(IsUtf8("Łódź 東京"));
  EXPECT_FALSE(IsUtf8("\xC3"));
  EXPECT_FALSE(IsUtf8("\xC0\xAF"));
  EXPECT_FALSE(IsUtf8("\xED\xA0\x80"));
  EXPECT_FALSE(IsUtf8("\xF5\x80\x80\x80"));
}

TEST(TextTest, UrlsAreEncodedToTheLetter) {
  EXPECT_EQ(UrlEncode("a+b c&d='é'"), "a%2Bb%20c%26d%3D%27%C3%A9%27");
}

TEST(ResultTest, AskingAnErrorForItsValueIsABrokenInvariant) {
  const Result<int> failed = Error{ErrorKind::not_found, "no such thing"};
  EXPECT_FALSE(failed.ok());
  EXPECT_THROW((void)failed.value(), std::logic_error);
  EXPECT_EQ(Describe(Error{ErrorKind::stale_version, "Changed.", "preconditionFailed", 412}),
            "stale_version (HTTP 412, preconditionFailed): Changed.");
}

TEST(ErrorTest, ARemotesWordsNeverReachALog) {
  const Error refused{ErrorKind::refused, "jette.korn@tannhof.example is not valid",
                      "invalidRequest", 400};
  EXPECT_EQ(Summarize(refused), "refused (HTTP 400, invalidRequest)");
  const Error paused{ErrorKind::unauthorized, "run `cosell-sync auth login contoso`"};
  EXPECT_EQ(Summarize(paused), "unauthorized: run `cosell-sync auth login contoso`");
}

}  // namespace
}  // namespace cosell
