# One test program per room; the folders of tests/ mirror src/, plus scenarios (engine), the promise checked over every
# cell (truth_table), over thousands of histories (simulation), and real processes (system).
set(rooms architecture base model story mapping plan truth_table engine store net login partner_center dataverse salesforce
          crm_contract rest webhook web report platform app cli sandbox sandbox_dataverse sandbox_salesforce
          sandbox_salesforce_access simulation system)
set(COSELL_TEST_ROOMS "${rooms}" CACHE STRING "the test rooms to build")
foreach(room ${COSELL_TEST_ROOMS})
  if(EXISTS ${CMAKE_SOURCE_DIR}/tests/${room}/CMakeLists.txt)
    add_subdirectory(${CMAKE_SOURCE_DIR}/tests/${room} ${CMAKE_BINARY_DIR}/tests/${room})
  endif()
endforeach()
