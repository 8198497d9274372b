#include "webhook/host_allow_list.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace cosell::webhook {
namespace {

constexpr const char* kHost = "3psostorageacct.blob.core.windows.net";

TEST(HostAllowListTest, TheDocumentedUrlInItsNormalForm) {
  const HostAllowList hosts({kHost});
  const std::string url = "https://3psostorageacct.blob.core.windows.net/cert/pc.microsoft.com.cer";
  EXPECT_EQ(hosts.CertificateUrl(url), url);
  EXPECT_EQ(hosts.CertificateUrl(
                "HTTPS://3PSOSTORAGEACCT.blob.core.windows.net:443/cert/pc.microsoft.com.cer"),
            url);
}

TEST(HostAllowListTest, EveryOtherUrlIsRefused) {
  const HostAllowList hosts({kHost});
  for (const char* url : {
           "",
           "cert/x.cer",
           "http://3psostorageacct.blob.core.windows.net/cert/x.cer",
           "http://3psostorageacct.blob.core.windows.net:443/cert/x.cer",
           "ftp://3psostorageacct.blob.core.windows.net/cert/x.cer",
           "https://evil.example/cert/x.cer",
           "https://evil3psostorageacct.blob.core.windows.net/cert/x.cer",
           "https://x.3psostorageacct.blob.core.windows.net/cert/x.cer",
           "https://other.blob.core.windows.net/cert/x.cer",
           "https://3psostorageacct.blob.core.windows.net.evil.example/cert/x.cer",
           "https://3psostorageacct.blob.core.windows.net./cert/x.cer",
           "https://3psostorageacct.blob.core.windows.net@evil.example/cert/x.cer",
           "https://evil.example@3psostorageacct.blob.core.windows.net/cert/x.cer",
           "https://user:secret@3psostorageacct.blob.core.windows.net/cert/x.cer",
           "https://evil.example\\@3psostorageacct.blob.core.windows.net/cert/x.cer",
           "https://3psostorageacct.blob.core.windows.net:8443/cert/x.cer",
           "https://3psostorageacct.blob.core.windows.net:/cert/x.cer",
           "https://127.0.0.1/cert/x.cer",
           "https://[::1]/cert/x.cer",
           "https://3psostorageacct.blob.core.windows.net/x.cer",
           "https://3psostorageacct.blob.core.windows.net/cert/",
           "https://3psostorageacct.blob.core.windows.net/cert/.cer",
           "https://3psostorageacct.blob.core.windows.net/cert/x.pem",
           "https://3psostorageacct.blob.core.windows.net/cert/x.cer?sv=1",
           "https://3psostorageacct.blob.core.windows.net/cert/x.cer#a",
           "https://3psostorageacct.blob.core.windows.net/cert/../evil/x.cer",
           "https://3psostorageacct.blob.core.windows.net/cert/%2e%2e/x.cer",
           "https://3psostorageacct.blob.core.windows.net/cert/..%2Fx.cer",
           "https://3psostorageacct.blob.core.windows.net/cert/a/x.cer",
           "https://3psostorageacct.blob.core.windows.net/cert//x.cer",
           "https://3psostorageacct.blob.core.windows.net/CERT/x.cer",
           "https://3psostorageacct.blob.core.windows.net/cert/x.cer\r\nHost: evil",
           "https:// 3psostorageacct.blob.core.windows.net/cert/x.cer",
       }) {
    EXPECT_FALSE(hosts.CertificateUrl(url)) << url;
  }
  EXPECT_FALSE(hosts.CertificateUrl(std::string("https://") + kHost + "/cert/" +
                                    std::string(600, 'x') + ".cer"));
}

TEST(HostAllowListTest, EntryWithAPortAllowsThatPortAlone) {
  const HostAllowList hosts({"127.0.0.1:9443", "[::1]:9443"});
  EXPECT_TRUE(hosts.CertificateUrl("https://127.0.0.1:9443/cert/x.cer"));
  EXPECT_EQ(hosts.CertificateUrl("https://[::1]:9443/cert/x.cer"), "https://[::1]:9443/cert/x.cer");
  EXPECT_FALSE(hosts.CertificateUrl("https://127.0.0.1/cert/x.cer"));
  EXPECT_FALSE(hosts.CertificateUrl("https://127.0.0.1:9444/cert/x.cer"));
  EXPECT_FALSE(hosts.CertificateUrl("https://2130706433:9443/cert/x.cer"));
  EXPECT_FALSE(hosts.CertificateUrl("https://0x7f.0.0.1:9443/cert/x.cer"));
}

TEST(HostAllowListTest, IssuerUrlsMayBePlainHttp) {
  const HostAllowList hosts({"www.fabrikam.example", "127.0.0.1:9443"});
  EXPECT_EQ(hosts.IssuerUrl("http://www.fabrikam.example/pki/Issuing%20CA%2001.crt"),
            "http://www.fabrikam.example/pki/Issuing%20CA%2001.crt");
  EXPECT_TRUE(hosts.IssuerUrl("https://www.fabrikam.example/ca.crt"));
  EXPECT_TRUE(hosts.IssuerUrl("http://127.0.0.1:9443/ca.crt"));
  for (const char* url :
       {"http://evil.example/ca.crt", "http://127.0.0.1/ca.crt",
        "http://www.fabrikam.example:8080/ca.crt",
        "http://www.fabrikam.example@evil.example/ca.crt",
        "http://www.fabrikam.example/a/../ca.crt", "http://www.fabrikam.example/%2e%2e/ca.crt",
        "http://www.fabrikam.example/ca.crt?x=1", "ldap://www.fabrikam.example/ca.crt",
        "http://www.fabrikam.example/"}) {
    EXPECT_FALSE(hosts.IssuerUrl(url)) << url;
  }
}

TEST(HostAllowListTest, EntryThatIsNoHost) {
  for (const char* entry : {"", "https://a.example", "a.example/", "a.example/cert", "a b", "a:0",
                            "a:70000", "user@a.example", "a.example?x"}) {
    EXPECT_THROW(HostAllowList({entry}), std::invalid_argument) << entry;
  }
}

}  // namespace
}  // namespace cosell::webhook
