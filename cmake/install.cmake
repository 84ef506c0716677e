# Installs the headers and a package file for each component that this build provides.
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/verdant")

function(verdant_install_component name target)
  install(TARGETS ${target} EXPORT verdant-${name}-targets FILE_SET HEADERS)
  install(EXPORT verdant-${name}-targets NAMESPACE verdant:: DESTINATION "${package_dir}")
  install(FILES "${PROJECT_BINARY_DIR}/package/verdant-${name}.cmake" DESTINATION "${package_dir}")
endfunction()

verdant_install_component(core verdant)
foreach(component IN LISTS verdant_components)
  verdant_install_component(${component} verdant_${component})
endforeach()

configure_package_config_file(cmake/verdantConfig.cmake.in "${PROJECT_BINARY_DIR}/package/verdantConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/package/verdantConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES "${PROJECT_BINARY_DIR}/package/verdantConfig.cmake" "${PROJECT_BINARY_DIR}/package/verdantConfigVersion.cmake"
  DESTINATION "${package_dir}")
if("xgboost" IN_LIST verdant_components)
  install(FILES cmake/FindXGBoost.cmake DESTINATION "${package_dir}")
endif()
install(FILES cmake/separate.cmake DESTINATION "${package_dir}" RENAME verdantSeparate.cmake)
list(TRANSFORM verdant_components REPLACE "(.+)" "${PROJECT_BINARY_DIR}/package/separate/\\1.cpp" OUTPUT_VARIABLE sources)
install(FILES "${PROJECT_BINARY_DIR}/package/separate/core.cpp" ${sources} DESTINATION "${package_dir}/separate")
install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
