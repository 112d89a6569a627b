# What users get: four libraries, their headers, the command, find_package and pkg-config.
include(CMakePackageConfigHelpers)

set(MUSTER_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/muster)
install(TARGETS muster muster_gis muster_session muster_simulation EXPORT muster-targets
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS muster_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY include/muster DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT muster-targets NAMESPACE muster:: DESTINATION ${MUSTER_CMAKE_DIR})

configure_package_config_file(cmake/muster-config.cmake.in muster-config.cmake
                              INSTALL_DESTINATION ${MUSTER_CMAKE_DIR})
write_basic_package_version_file(muster-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/muster-config.cmake
              ${PROJECT_BINARY_DIR}/muster-config-version.cmake
        DESTINATION ${MUSTER_CMAKE_DIR})

configure_file(cmake/muster.pc.in muster.pc @ONLY)
configure_file(cmake/muster_gis.pc.in muster_gis.pc @ONLY)
configure_file(cmake/muster_session.pc.in muster_session.pc @ONLY)
configure_file(cmake/muster_simulation.pc.in muster_simulation.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/muster.pc ${PROJECT_BINARY_DIR}/muster_gis.pc
              ${PROJECT_BINARY_DIR}/muster_session.pc
              ${PROJECT_BINARY_DIR}/muster_simulation.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
