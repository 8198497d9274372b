# Language level, warnings, sanitizers, and the helpers that make a rebuild quick.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
# A debug build is for the tests: -O1 keeps it quick to build and fast enough to run; -g1 keeps stack traces.
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")

add_library(cosell_flags INTERFACE)
target_compile_options(cosell_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees overlapping copies in std::string's own operator+ and assignment when it optimises (GCC bug 105651).
  target_compile_options(cosell_flags INTERFACE -Wno-restrict)
endif()
if(COSELL_SANITIZE)
  target_compile_options(cosell_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                                                -fno-omit-frame-pointer)
  target_link_options(cosell_flags INTERFACE -fsanitize=address,undefined)
endif()

find_program(COSELL_CCACHE ccache)
if(COSELL_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${COSELL_CCACHE})
endif()
find_program(COSELL_MOLD mold)
if(COSELL_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
