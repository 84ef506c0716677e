# An overlay port: vcpkg install verdant --overlay-ports=cmake/packaging/vcpkg
set(VCPKG_BUILD_TYPE release) # header-only
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../../.." ABSOLUTE)

# A component is provided where its feature was asked for, and not merely where its library happens to be there.
set(options "")
foreach(component IN ITEMS json yaml eigen ranges arrays sqlite postgres zlib image onnx torch)
  string(TOUPPER ${component} option)
  if(component IN_LIST FEATURES)
    list(APPEND options -DVERDANT_WITH_${option}=ON)
  else()
    list(APPEND options -DVERDANT_WITH_${option}=OFF)
  endif()
endforeach()
# The feature image brings libwebp along.
if("image" IN_LIST FEATURES)
  list(APPEND options -DVERDANT_WITH_WEBP=ON)
else()
  list(APPEND options -DVERDANT_WITH_WEBP=OFF)
endif()

vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS ${options} -DVERDANT_BUILD_TESTS=OFF -DVERDANT_BUILD_EXAMPLES=OFF -DVERDANT_WITH_TRAINING=AUTO # where torch, zlib and image are features
    -DVERDANT_WITH_DISTRIBUTED=OFF -DVERDANT_WITH_MPI=OFF -DVERDANT_WITH_XGBOOST=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/verdant)
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/lib" "${CURRENT_PACKAGES_DIR}/share/doc")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
