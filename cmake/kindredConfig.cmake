# find_package(kindred) gives kindred::client, the C++ client library, and kindred::proto, the API's generated code.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(absl CONFIG)
find_dependency(Protobuf)
find_dependency(gRPC CONFIG)
include(${CMAKE_CURRENT_LIST_DIR}/kindredTargets.cmake)
