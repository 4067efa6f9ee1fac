# cmake --install, find_package(kindred) and the .deb files: `programs` is what a server needs, `development` the client
# library for C++ and the API as a .proto file.
include(CMakePackageConfigHelpers)

set_target_properties(kindred_client PROPERTIES EXPORT_NAME client)
set_target_properties(kindred_proto PROPERTIES EXPORT_NAME proto)
install(TARGETS kindred_client kindred_proto EXPORT kindredTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(FILES client/related_search_client.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/kindred/client
        COMPONENT development)
install(DIRECTORY ${PROJECT_BINARY_DIR}/proto/kindred/v1 DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/kindred
        COMPONENT development FILES_MATCHING PATTERN *.h)
install(DIRECTORY proto/kindred/v1 DESTINATION ${CMAKE_INSTALL_DATADIR}/kindred/proto/kindred COMPONENT development
        FILES_MATCHING PATTERN *.proto)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/kindred)
install(EXPORT kindredTargets NAMESPACE kindred:: DESTINATION ${package_dir} COMPONENT development)
write_basic_package_version_file(kindredConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/kindredConfig.cmake ${PROJECT_BINARY_DIR}/kindredConfigVersion.cmake DESTINATION ${package_dir}
        COMPONENT development)
install(FILES README.md CHANGELOG.md TYPE DOC COMPONENT programs)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "Kindred's engineers <kindred@localhost>")
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL programs development)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_COMPONENT_PROGRAMS_DESCRIPTION "${PROJECT_DESCRIPTION}: the programs")
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_NAME kindred)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SHLIBDEPS ON)
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "${PROJECT_DESCRIPTION}: the C++ client library and the API")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libkindred-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libgrpc++-dev, libprotobuf-dev, libabsl-dev")
include(CPack)
