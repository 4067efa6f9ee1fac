# cmake -D BUILD=build/release -D CONFIG=RelWithDebInfo -D CXX=c++ [-D LAUNCHER=ccache] -P package_test.cmake
set(prefix ${BUILD}/tests/package/prefix)
set(consumer ${BUILD}/tests/package/consumer)
file(REMOVE_RECURSE ${prefix} ${consumer})

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ECHO STDOUT RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "failed (${status}): ${ARGN}")
  endif()
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix} --config ${CONFIG})
foreach(program kindred kindred-index kindred-server)
  run(${prefix}/bin/${program} --version)
endforeach()
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/consumer -B ${consumer} -G Ninja -D CMAKE_PREFIX_PATH=${prefix}
    -D CMAKE_BUILD_TYPE=${CONFIG} -D CMAKE_CXX_COMPILER=${CXX} -D CMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER})
run(${CMAKE_COMMAND} --build ${consumer})
run(${consumer}/consumer)
