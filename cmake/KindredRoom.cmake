# One room of the house is one library target. The dependencies named here are the whole truth: tests/layout holds the
# includes of each room's files against them.

set(KINDRED_WARNINGS -Wall -Wextra -Wpedantic -Werror)

function(kindred_compile_options target)
  target_compile_options(${target} PRIVATE ${KINDRED_WARNINGS})
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                              $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}>)
  if(KINDRED_SANITIZE)
    target_compile_options(${target} PUBLIC -fsanitize=${KINDRED_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${KINDRED_SANITIZE})
  endif()
  if(KINDRED_SANITIZE STREQUAL "thread")
    # Debian's Protobuf lacks the members that its headers add to messages with maps under ThreadSanitizer.
    target_compile_options(${target} PUBLIC -U__SANITIZE_THREAD__)
    # Abseil's flags use a fence, which ThreadSanitizer does not see, and GCC warns of.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "EXECUTABLE")
      target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests/thread_sanitizer/abseil_locks.cc)
      target_link_libraries(${target} PRIVATE absl::synchronization)
    endif()
  endif()
endfunction()

# Under sanitizers, which make headers slower still. Not in other builds, see kindred_room().
set(KINDRED_PRECOMPILED)
if(KINDRED_SANITIZE)
  set(KINDRED_PRECOMPILED <algorithm> <map> <memory> <optional> <string> <utility> <vector>
      "<absl/container/flat_hash_map.h>" "<absl/status/statusor.h>" "<absl/strings/str_cat.h>"
      "<absl/strings/str_format.h>" "<absl/strings/str_join.h>" "<absl/time/time.h>")
endif()

function(kindred_precompile target)
  if(NOT ARGN)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE ${ARGN})
  # GCC's first option and Clang's are for ccache; with a precompiled header GCC 12 warns of what the standard library's
  # own strings do, where it would not without.
  target_compile_options(${target} PRIVATE
    "$<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess;-Wno-array-bounds>"
    "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
endfunction()

# Tests are compiled as in a release build, hence from the compiler cache. Where one of them holds a header's function as
# well, the linker takes its copy, which does not count.
function(kindred_count_lines target)
  if(KINDRED_COVERAGE)
    target_compile_options(${target} PRIVATE --coverage -O0 -fprofile-update=atomic)
    target_link_options(${target} PUBLIC --coverage)
  endif()
endfunction()

# kindred_room(NAME [DEPS target...]): the library kindred_NAME of every .cc in this folder but main.cc. With
# CMAKE_UNITY_BUILD, where headers are most of what a file takes to compile, several at a time: under sanitizers and in
# the Docker image. Not in other builds: they show what a file forgot to include.
function(kindred_room name)
  cmake_parse_arguments(room "" "" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc)
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  add_library(kindred_${name} STATIC ${sources})
  set_target_properties(kindred_${name} PROPERTIES UNITY_BUILD_BATCH_SIZE 6)
  kindred_compile_options(kindred_${name})
  if(CMAKE_UNITY_BUILD)  # Where a .cc is included, GCC warns of its unnamed namespaces' types as of a header's.
    target_compile_options(kindred_${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
  kindred_count_lines(kindred_${name})
  target_link_libraries(kindred_${name} PUBLIC ${room_DEPS})
  kindred_precompile(kindred_${name} ${KINDRED_PRECOMPILED})
endfunction()

# kindred_program(NAME DEPS target...): the executable NAME of this folder's main.cc.
function(kindred_program name)
  cmake_parse_arguments(program "" "" "DEPS" ${ARGN})
  add_executable(${name} main.cc)
  kindred_compile_options(${name})
  kindred_count_lines(${name})
  target_link_libraries(${name} PRIVATE ${program_DEPS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT programs)
endfunction()

# kindred_test(FOLDER DEPS target...): one test program of every *_test.cc in tests/FOLDER.
function(kindred_test folder)
  cmake_parse_arguments(test "" "" "DEPS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${folder}/*_test.cc)
  if(NOT sources)
    return()
  endif()
  string(REPLACE "/" "_" target ${folder}_test)
  add_executable(${target} ${sources})
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 4)  # Headers are most of the work.
  kindred_compile_options(${target})
  target_link_libraries(${target} PRIVATE ${test_DEPS} kindred_testing GTest::gmock GTest::gtest_main)
  # Tests compile in half the time at -O1, where GCC 12 also sees no false overlaps of strings (its bug 105651); under
  # sanitizers, whose checks they are full of, in half the time at -O0.
  target_compile_options(${target} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O1> $<$<CONFIG:Debug>:-O0>)
  target_compile_definitions(${target} PRIVATE KINDRED_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                               KINDRED_BINARY_DIR="${PROJECT_BINARY_DIR}")
  if(KINDRED_SANITIZE)
    target_compile_definitions(${target} PRIVATE KINDRED_SANITIZED)
  endif()
  kindred_precompile(${target} <gmock/gmock.h> <gtest/gtest.h> ${KINDRED_PRECOMPILED})  # Half of what many take.
  gtest_discover_tests(${target} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300 LABELS ${target})
endfunction()
