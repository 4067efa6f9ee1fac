# cmake -D SOURCE=version.cc.in -D OUTPUT=version.cc -D VERSION=0.1.0 [-D COMMIT=...] -P WriteVersion.cmake
# Runs in every build, since a commit changes nothing that a build tool watches; writes only what changed. COMMIT is for
# builds without a checkout, such as a container's.
if(NOT COMMIT)
  get_filename_component(folder ${SOURCE} DIRECTORY)
  execute_process(COMMAND git -c safe.directory=* rev-parse --short=12 HEAD WORKING_DIRECTORY ${folder}
                  OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(NOT COMMIT)
  set(COMMIT unknown)
endif()
string(SUBSTRING ${COMMIT} 0 12 COMMIT)
configure_file(${SOURCE} ${OUTPUT} @ONLY)
