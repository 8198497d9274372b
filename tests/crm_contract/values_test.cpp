#include "base/text.h"
#include "crm_contract.h"

namespace cosell::test {
namespace {

std::string Repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_P(CrmContractTest, ValuesRoundTripAsFlatAttributes) {
  const CrmRecord deal = ReadOne(people().Opens({}));
  const std::vector<std::pair<std::string, Json>> values = {
      {"name", "Cold chain rollout"},
      {"deal_value", 91000.5},
      {"closing_date", "2027-01-31"},
      {"notes", "Second line:\nthree yards."},
      {"sync", true},
      {"visibility", true},
      {"help", "Quotes or Licensing"},
      {"products", "SOL-90210-QWK; SOL-10001-TLS"},
      {"audit", "2026-03-01 09:00 Partner Center Referral to CRM: Success"},
      {"referral_id", kMarker},
      {"referral_link", "https://partner.example/referrals?id=7c1e2f90&view=full"},
      {"microsoft_crm_id", "7-3KQ8ZP0XYZ"},
      {"program", "Co-sell"}};
  CrmWrite write = Update(deal.id, deal.etag, {});
  for (const auto& [word, value] : values) write.attributes.push_back(Set(Column(word), value));
  const CrmRecord written = Written(write);
  const CrmRecord read = ReadOne(deal.id);
  for (const auto& [word, value] : values) {
    EXPECT_EQ(Of(written, word), value) << word;
    EXPECT_EQ(Of(read, word), value) << word;
  }
  EXPECT_TRUE(written.sync);
  EXPECT_EQ(written.referral_id, kMarker);
}

TEST_P(CrmContractTest, NullClearsAColumn) {
  const CrmRecord created = Written(BareRecord(kMarker));
  const CrmRecord filled =
      Written(Update(created.id, created.etag, {Set(Column("help"), "General or Other")}));
  CrmWrite clear = Update(filled.id, filled.etag, {});
  for (const char* word : {"deal_value", "notes", "help"})
    clear.attributes.push_back(Set(Column(word), nullptr));
  const CrmRecord cleared = Written(clear);
  for (const char* word : {"deal_value", "notes", "help"})
    EXPECT_TRUE(Of(cleared, word).is_null()) << word << ": " << Of(cleared, word);
  EXPECT_EQ(Of(cleared, "name"), "Cold chain pilot");
}

TEST_P(CrmContractTest, AnEmptyTextIsNoText) {
  const CrmRecord deal = ReadOne(people().Opens({}));
  const CrmRecord written = Written(Update(deal.id, deal.etag, {Set(Column("notes"), "")}));
  EXPECT_TRUE(Of(written, "notes").is_null()) << Of(written, "notes");
}

TEST_P(CrmContractTest, BooleansAreSwitchedOffAgain) {
  const CrmRecord deal = ReadOne(people().Opens({}));
  const CrmRecord on = Written(Update(deal.id, deal.etag, {Set(Column("sync"), true)}));
  EXPECT_TRUE(on.sync);
  const CrmRecord off = Written(Update(on.id, on.etag, {Set(Column("sync"), false)}));
  EXPECT_FALSE(off.sync);
  EXPECT_EQ(Of(off, "sync"), false);
}

TEST_P(CrmContractTest, TextsMayHoldAnySign) {
  const std::string text =
      "Mälzerweg 7 \"East\" \\ 50 % + <b>R&amp;D</b> 'O''Leary' {\"a\": [1]} 冷链 🚚 %2B ?&#";
  const CrmRecord deal = ReadOne(people().Opens({}));
  const CrmRecord written = Written(
      Update(deal.id, deal.etag, {Set(Column("notes"), text), Set(Column("products"), text)}));
  EXPECT_EQ(Of(written, "notes"), text);
  EXPECT_EQ(Of(written, "products"), text);
  EXPECT_EQ(Of(ReadEverything().records.at(deal.id), "notes"), text);
}

TEST_P(CrmContractTest, LengthsAreCountedInUtf16Units) {
  const std::size_t length = *schema().columns.at(Column("notes")).length_max;
  // Four bytes and two units each.
  const std::string lorries = Repeated("🚚", length / 2);
  const CrmRecord deal = ReadOne(people().Opens({}));
  const CrmRecord written = Written(Update(deal.id, deal.etag, {Set(Column("notes"), lorries)}));
  EXPECT_EQ(Of(written, "notes"), lorries);
}

TEST_P(CrmContractTest, ATextLongerThanItsColumn) {
  const std::size_t length = *schema().columns.at(Column("notes")).length_max;
  const std::string text = Repeated("x", length + 1);
  const CrmRecord deal = ReadOne(people().Opens({}));
  const CrmWriteResult result = Write(Update(deal.id, deal.etag, {Set(Column("notes"), text)}));
  if (people().long_text() == LongText::refused) {
    ExpectFailure(result, ErrorKind::refused);
    ExpectNothingDone(result);
    EXPECT_NE(Describe(result.record.error()).find(Column("notes")), std::string::npos)
        << Describe(result.record.error());
    EXPECT_EQ(ReadOne(deal.id).etag, deal.etag);
    return;
  }
  ASSERT_TRUE(result.record.ok()) << Describe(result.record.error());
  const std::string stored = Of(*result.record, "notes").get<std::string>();
  EXPECT_LE(Utf16Length(stored), length);
  EXPECT_TRUE(stored.starts_with(Repeated("x", length / 2)));
}

TEST_P(CrmContractTest, EveryChoiceOfTheCrmCanBeWritten) {
  CrmRecord deal = ReadOne(people().Opens({}));
  for (const auto& [label, value] : schema().columns.at(Column("help")).choices) {
    deal = Written(Update(deal.id, deal.etag, {Set(Column("help"), label)}));
    EXPECT_EQ(Of(deal, "help"), label);
  }
}

TEST_P(CrmContractTest, AnUnknownChoiceIsRefusedNamingTheColumn) {
  const CrmRecord deal = ReadOne(people().Opens({}));
  const CrmWriteResult result =
      Write(Update(deal.id, deal.etag, {Set(Column("help"), "A choice nobody has")}));
  ExpectFailure(result, ErrorKind::refused);
  ExpectNothingDone(result);
  EXPECT_NE(Describe(result.record.error()).find(Column("help")), std::string::npos)
      << Describe(result.record.error());
  EXPECT_EQ(ReadOne(deal.id).etag, deal.etag);
}

TEST_P(CrmContractTest, AnUnknownColumnIsRefusedByName) {
  const CrmRecord deal = ReadOne(people().Opens({}));
  const CrmWriteResult result =
      Write(Update(deal.id, deal.etag, {Set("contoso_nosuchcolumn", "x")}));
  ExpectFailure(result, ErrorKind::refused);
  EXPECT_NE(Describe(result.record.error()).find("contoso_nosuchcolumn"), std::string::npos)
      << Describe(result.record.error());
  EXPECT_EQ(ReadOne(deal.id).etag, deal.etag);
}

TEST_P(CrmContractTest, ADealMayBeInAnyCurrencyOfTheOrganisation) {
  CrmRecord deal = ReadOne(people().Opens({}));
  for (const char* code : {"USD", "EUR"}) {
    deal = Written(Update(deal.id, deal.etag,
                          {Set(Column("currency"), code), Set(Column("deal_value"), 45000)}));
    EXPECT_EQ(Of(deal, "currency"), code);
    EXPECT_EQ(Of(deal, "deal_value"), 45000);
    EXPECT_EQ(Of(ReadOne(deal.id), "currency"), code);
  }
  CrmWrite foreign = BareRecord(kMarker);
  foreign.attributes.push_back(Set(Column("currency"), "USD"));
  std::erase_if(foreign.attributes, [&](const Attribute& each) {
    return each.name == Column("currency") && each.json == "\"EUR\"";
  });
  EXPECT_EQ(Of(Written(foreign), "currency"), "USD");
}

TEST_P(CrmContractTest, ACurrencyTheOrganisationLacksIsRefused) {
  const CrmRecord deal = ReadOne(people().Opens({}));
  const CrmWriteResult result = Write(Update(deal.id, deal.etag, {Set(Column("currency"), "XTS")}));
  ExpectFailure(result, ErrorKind::refused);
  ExpectNothingDone(result);
  EXPECT_EQ(ReadOne(deal.id).etag, deal.etag);
}

}  // namespace cosell::test
