"""Conan 2 recipe: conan create cmake/packaging/conan --build=missing"""

import os

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy, rmdir

COMPONENTS = {
    "json": ["nlohmann_json/3.11.3"],
    "yaml": ["yaml-cpp/0.8.0"],
    "eigen": ["eigen/3.4.0"],
    "ranges": ["range-v3/0.12.0"],
    "arrays": ["xtensor/0.25.0"],
    "sqlite": ["sqlitecpp/3.3.2"],
    "postgres": ["libpq/15.4"],
    "zlib": ["zlib/[>=1.2.11 <2]"],
    "image": ["libjpeg-turbo/3.0.2", "libpng/[>=1.6 <2]"],
    "onnx": ["onnx/1.14.1"],
}


class Verdant(ConanFile):
    name = "verdant"
    version = "0.1.0"
    license = "MIT"
    description = "Carbon- and hardware-aware neural architecture search as C++20 types"
    topics = ("neural-architecture-search", "header-only", "carbon-footprint", "hardware-co-design")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {name: [True, False] for name in COMPONENTS}
    default_options = {name: False for name in COMPONENTS}
    no_copy_source = True

    @property
    def root(self):
        return os.path.normpath(os.path.join(self.recipe_folder, "..", "..", ".."))

    def export_sources(self):
        for pattern in ("CMakeLists.txt", "LICENSE", "cmake/*", "include/*"):
            copy(self, pattern, self.root, self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("boost/1.83.0", options={"header_only": True}, transitive_headers=True)
        for name, needed in COMPONENTS.items():
            if self.options.get_safe(name):
                for reference in needed:
                    self.requires(reference, transitive_headers=True)

    def validate(self):
        check_min_cppstd(self, 20)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["VERDANT_BUILD_TESTS"] = False
        toolchain.cache_variables["VERDANT_BUILD_EXAMPLES"] = False
        for name in COMPONENTS:
            toolchain.cache_variables[f"VERDANT_WITH_{name.upper()}"] = "ON" if self.options.get_safe(name) else "OFF"
        # What this recipe does not offer is not provided where it merely happens to be there.
        for name in ("xgboost", "torch", "training", "distributed", "mpi", "webp"):
            toolchain.cache_variables[f"VERDANT_WITH_{name.upper()}"] = "OFF"
        toolchain.generate()

    def build(self):
        CMake(self).configure()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        rmdir(self, os.path.join(self.package_folder, "share"))

    def package_id(self):
        # Headers are the same whatever compiles them, but which of them there are depends on the options.
        self.info.settings.clear()
        self.info.requires.clear()
        self.info.conf.clear()

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        # The package's own configuration file knows the components.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = [os.path.join("lib", "cmake", "verdant")]
