# How the project is built: standards, warnings, visibility, sanitizers.
option(MUSTER_TESTS "Build the tests" ON)
option(MUSTER_BENCH "Build the benchmarks" ON)
option(MUSTER_PYTHON "Build the Python package (needs cffi)" OFF)
option(MUSTER_OPENMP "Use OpenMP" ON)
option(MUSTER_HOME_DATA "Generate the home scenario (needs Python with numpy, scipy, shapely)" ON)
option(MUSTER_FUZZ "Build libFuzzer targets (needs clang)" OFF)
option(MUSTER_WARNINGS_ARE_ERRORS "Stop at the first warning" OFF)
set(MUSTER_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

# Every target of ours links this; it is not part of what we install.
add_library(muster_build INTERFACE)
target_compile_definitions(muster_build INTERFACE _POSIX_C_SOURCE=200809L)
target_include_directories(muster_build INTERFACE ${PROJECT_SOURCE_DIR}/include
                                                  ${PROJECT_SOURCE_DIR})
target_compile_options(muster_build INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
if(MUSTER_WARNINGS_ARE_ERRORS)
  target_compile_options(muster_build INTERFACE -Werror)
endif()
# The same plan from every compiler and level: no fused multiply-add behind our back.
target_compile_options(muster_build INTERFACE -ffp-contract=off)

# With clang, sanitizers' symbols are found in the executable; in one written in C those for
# C++ are not.
set(MUSTER_NO_UNDEFINED -Wl,--no-undefined)
if(MUSTER_SANITIZE)
  set(MUSTER_NO_UNDEFINED "")
  if(CMAKE_C_COMPILER_ID MATCHES Clang)
    string(APPEND MUSTER_SANITIZE " -fno-sanitize=vptr,function")
    separate_arguments(MUSTER_SANITIZE UNIX_COMMAND "${MUSTER_SANITIZE}")
  endif()
  # What is read before it is written shall not be 0 by chance.
  add_compile_options(-fsanitize=${MUSTER_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all -ftrivial-auto-var-init=pattern)
  add_link_options(-fsanitize=${MUSTER_SANITIZE})
endif()
if(MUSTER_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

if(MUSTER_OPENMP)
  find_package(OpenMP REQUIRED COMPONENTS C)
endif()
find_package(PkgConfig REQUIRED)
