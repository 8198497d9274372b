# One test program per room; the folders of tests/ mirror src/, plus scenarios (engine) and real processes (system).
set(rooms architecture base mapping plan engine store net partner_center dataverse webhook web platform app cli sandbox
          sandbox_dataverse salesforce sandbox_salesforce sandbox_salesforce_access crm_contract system)
foreach(room ${rooms})
  if(EXISTS ${CMAKE_SOURCE_DIR}/tests/${room}/CMakeLists.txt)
    add_subdirectory(${CMAKE_SOURCE_DIR}/tests/${room} ${CMAKE_BINARY_DIR}/tests/${room})
  endif()
endforeach()
