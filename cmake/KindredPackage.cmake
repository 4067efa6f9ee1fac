# cmake --install, find_package(kindred) and the .deb.
