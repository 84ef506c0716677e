#pragma once

#include <verdant/io/file/shared_bytes.hpp>
#include <verdant/io/tensor/dtype.hpp>
#include <verdant/io/tensor/strided_copy.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Storages and tensors as the pickle of a checkpoint names them, before their bytes are looked up.
namespace verdant::io::detail {

/// A storage that a checkpoint names; its bytes lie elsewhere in the file.
struct torch_storage {
    std::string key;
    std::optional<dtype> type; ///< none: bytes without type, or elements that are not read
    std::uint64_t count = 0;   ///< elements, or bytes where there is no type
    std::uint64_t first = 0;   ///< element of the root storage at which a view of the legacy format begins
    std::string foreign{};     ///< the class of a storage of elements that are not read
    std::size_t width = 1;     ///< bytes an element
    std::optional<shared_bytes> content{}; ///< the bytes, where the pickle itself holds them
    bool swapped = false;                  ///< these bytes are not in the order of this machine
};

/// A tensor over a storage.
struct torch_tensor {
    std::size_t storage = 0;
    strided_layout layout;
    bool negative = false; ///< PyTorch has not yet turned the signs of the elements, and does so where they are read
};

/// Bytes an element of the storage classes that have no dtype here: complex and quantised numbers. The legacy format needs it to find the others.
struct foreign_storage {
    std::string_view name;
    std::size_t width;
};
inline constexpr std::array<foreign_storage, 7> foreign_storages{{{"torch.ComplexDoubleStorage", 16},
                                                                  {"torch.ComplexFloatStorage", 8},
                                                                  {"torch.QInt32Storage", 4},
                                                                  {"torch.QInt8Storage", 1},
                                                                  {"torch.QUInt2x4Storage", 1},
                                                                  {"torch.QUInt4x2Storage", 1},
                                                                  {"torch.QUInt8Storage", 1}}};

} // namespace verdant::io::detail
