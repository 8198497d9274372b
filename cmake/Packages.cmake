# Every third-party library, one line of why each. All come from Debian 12 packages (tools/setup).
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)                                        # TLS, webhook signatures, SHA-256 and SHA3-256
find_package(Poco REQUIRED COMPONENTS Foundation Net NetSSL Util XML) # HTTP in and out, service application, SOAP in
find_package(SQLiteCpp REQUIRED)                                      # the embedded database
find_package(nlohmann_json REQUIRED)                                  # configuration, plans, everything per change
find_package(simdjson REQUIRED)                                       # pages of remote records, where speed decides
find_package(CLI11 REQUIRED)                                          # the operator's command line
find_package(valijson REQUIRED)                                       # JSON Schema of the configuration
find_package(prometheus-cpp REQUIRED COMPONENTS core)                 # /metrics
find_package(ZLIB REQUIRED)                                           # gzip answers
find_package(PkgConfig REQUIRED)                                      # finds the next one, which has no CMake files
pkg_check_modules(xlsxwriter REQUIRED IMPORTED_TARGET xlsxwriter)     # reports as spreadsheets
if(COSELL_TESTS)
  find_package(GTest REQUIRED)
endif()
