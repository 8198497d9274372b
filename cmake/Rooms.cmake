# One static library per room: cosell_room(name SOURCES a.cpp ... LINKS other rooms and packages).
# The folder is src/<name>; a room in a subfolder (crm/dataverse) becomes the target cosell_crm_dataverse.
function(cosell_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS;PRIVATE" ${ARGN})
  string(REPLACE "/" "_" target cosell_${name})
  add_library(${target} STATIC ${ROOM_SOURCES})
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${target} PUBLIC ${ROOM_LINKS} PRIVATE cosell_flags ${ROOM_PRIVATE})
endfunction()

# One test program per room: cosell_test(name SOURCES ... LINKS ...). Runs from the source folder.
function(cosell_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE cosell_flags ${TEST_LINKS} GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE COSELL_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                                             COSELL_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT})
endfunction()
