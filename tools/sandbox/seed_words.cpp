#include "tools/sandbox/seed_words.h"

#include <cstddef>

namespace cosell::sandbox {

const std::array<SeedPlace, 20> kPlaces = {{
    {"Łódź", "ul. Żurawia 14", "łódzkie", "90-001", "PL", "PLN", "+48 42 000 "},
    {"København", "Ørestads Allé 3", "", "2300", "DK", "DKK", "+45 00 00 "},
    {"東京", "千代田区丸の内 1-1", "東京都", "100-0005", "JP", "JPY", "+81 3 0000 "},
    {"İstanbul", "Çınar Sokak 8", "", "34000", "TR", "EUR", "+90 212 000 "},
    {"Bamberg", "Mälzerweg 7", "BY", "96047", "DE", "EUR", "+49 951 000"},
    {"Göteborg", "Hamngatan 4", "", "411 04", "SE", "SEK", "+46 31 000"},
    {"Bergen", "Quay 7", "", "5003", "NO", "NOK", "+47 55 00 "},
    {"São Paulo", "Rua das Araucárias 22", "SP", "01000-000", "BR", "USD", "+55 11 0000-"},
    {"Québec", "12, rue de l'Église", "QC", "G1R 0A1", "CA", "CAD", "+1 418 555 "},
    {"Seattle", "400 Harbor Way", "WA", "98101", "US", "USD", "+1 206 555 "},
    {"Zürich", "Seestrasse 90", "ZH", "8001", "CH", "CHF", "+41 44 000 "},
    {"Plzeň", "Nádražní 5", "", "301 00", "CZ", "EUR", "+420 377 000 "},
    {"Αθήνα", "Οδός Αιόλου 11", "", "105 51", "GR", "EUR", "+30 210 000 "},
    {"Reykjavík", "Grænahlíð 2", "", "101", "IS", "EUR", "+354 000 "},
    {"서울", "중구 세종대로 10", "", "04524", "KR", "USD", "+82 2 0000 "},
    {"Dublin", "1 Quay Street", "", "D01 X000", "IE", "EUR", "+353 1 000 "},
    {"Leeds", "O'Dowd House, Unit 4", "", "LS1 0AA", "GB", "GBP", "+44 113 496 "},
    {"الرياض", "شارع النخيل 6", "", "11564", "SA", "USD", "+966 11 000 "},
    {"Pune", "Plot 7, Lake Road", "MH", "411001", "IN", "INR", "+91 20 0000 "},
    {"Wellington", "9 Tōtara Lane", "", "6011", "NZ", "AUD", "+64 4 000 "},
}};

const std::array<const char*, 24> kCompanies = {
    "Northwind", "Fabrikam", "Tailspin",  "Litware",    "Proseware", "Adatum",
    "Wingtip",   "Tannhof",  "Pelikan",   "Quillwerk",  "Żubrówka",  "Ørsund",
    "桜電機",    "Ürün",     "Ål Fjell",  "Alpine Ski", "Humongous", "Relecloud",
    "Margie's",  "Lucerne",  "Trey & Co", "VanArsdel",  "Bellows",   "Wide World"};

const std::array<const char*, 10> kCompanyKinds = {
    "Logistics AS", "GmbH",     "Sp. z o.o.", "A.Ş.",        "Importers",
    "Research",     "株式会社", "Foods Ltd",  "Textiles AB", "Energy S.A."};

const std::array<const char*, 20> kSubjects = {
    "Harbour telemetry",  "Yard planning",     "Cold chain",       "Brewhouse sensors",
    "Claims intake",      "Fleet maintenance", "Store analytics",  "Clinic scheduling",
    "Grid balancing",     "Ürün kataloğu",     "倉庫管理",         "Zarządzanie flotą",
    "Billing archive",    "Field service",     "Student portal",   "Fraud triage",
    "Quality inspection", "Contact centre",    "ERP landing zone", "Data platform"};

const std::array<const char*, 16> kEfforts = {
    "rollout",          "pilot",         "migration",   "assessment",    "renewal", "expansion",
    "proof of concept", "modernisation", "phase 2",     "consolidation", "upgrade", "workshop",
    "(EMEA)",           "– étape 1",     "für 3 Werke", "& training"};

const std::array<const char*, 20> kFirstNames = {
    "Jette", "Ingrid", "Bram",  "Noor",  "Oda",    "Zofia", "Søren", "結衣", "Çağla", "Ana",
    "Tomás", "Željko", "Eleni", "Sigga", "Minjun", "Aoife", "Owen",  "ليلى", "Isha",  "Aroha"};

const std::array<const char*, 20> kLastNames = {
    "Korn", "Falk",   "Oud",   "Visser", "Brandt", "Wróbel", "Ågård",
    "山田", "Yıldız", "Souza", "Núñez",  "Horvat", "Papas",  "Jónsdóttir",
    "Han",  "O'Dowd", "Pryce", "نجار",   "Rao",    "Tāmati"};

const std::array<const char*, 12> kNotes = {
    "Pilot on two cranes first.",
    "Customer wants edge gateways in three plants.",
    "Decision in Q4; budget approved.\nNext step: architecture review.",
    "Klient prosi o ofertę do końca miesiąca.",
    "Kunden vil se en demo før sommer.",
    "見積もりは来週。",
    "Line one\r\nLine two with a tab\tand \"quotes\"",
    "Competes with an incumbent; price is not the issue.",
    "Needs data residency in the EU. Emoji survives: 🚢",
    "Trailing blanks follow   ",
    "Waiting for the works council.",
    "<b>Pasted</b> from a mail & kept as it is."};

const std::array<std::array<const char*, 2>, 8> kSolutions = {{
    {"SOL-88210-CTR", "Contoso Crane Monitor"},
    {"SOL-90210-CTR", "Contoso Sensor Hub"},
    {"SOL-15974-CTR", "Contoso Yard Planner"},
    {"SOL-40117-CTR", "Contoso Claims Desk"},
    {"SOL-77301-CTR", "Contoso Cold Chain"},
    {"SOL-5A113-CTR", "Contoso Landing Zone"},
    {"3f2b8c1e-7a64-4d0f-9b55-6e1d2c3b4a50", "Azure Kubernetes Service"},
    {"a91d4e70-2c8b-4f63-8d1a-05b7c6e9f312", "Microsoft Fabric"},
}};

const std::array<const char*, 6> kHelpLabels = {"Workload Specific Value Proposition",
                                                "Customer Technical Architecture",
                                                "Proof Of Concept or Demo",
                                                "Quotes or Licensing",
                                                "Post Sales Customer Success",
                                                "General or Other"};

const std::array<const char*, 6> kSizes = {"1to9employees",       "10to50employees",
                                           "51to250employees",    "251to1000employees",
                                           "1001to5000employees", "Morethan20000employees"};

const std::array<const char*, 6> kIndustries = {"Agriculture, Forestry, & Fishing",
                                                "Education",
                                                "Financial Services",
                                                "Power & Utilities",
                                                "Travel & Transportation",
                                                "Wholesale & Distribution"};

const std::array<const char*, 6> kLostReasons = {"Customer's budget was not adequate",
                                                 "Customer did not respond",
                                                 "Customer chose another vendor",
                                                 "Requirement could not be met",
                                                 "Not a customer",
                                                 "Timeline too short"};

std::string_view HelpCode(std::string_view label) {
  constexpr std::array<std::string_view, 6> kCodes = {"WorkloadSpecificValueProposition",
                                                      "CustomerTechnicalArchitecture",
                                                      "ProofOfConceptOrDemo",
                                                      "QuotesOrLicensing",
                                                      "PostSalesCustomerSuccess",
                                                      "GeneralOrOther"};
  for (std::size_t i = 0; i < kCodes.size(); ++i)
    if (label == kHelpLabels[i]) return kCodes[i];
  return "";
}

}  // namespace cosell::sandbox
