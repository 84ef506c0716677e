#pragma once

/// The room io/. Files: file/ whole files and locks, archive/ gzip, tar, zip, document/ CSV, JSON, YAML, tensor/ arrays without LibTorch, torch/ its
/// checkpoints.

#include <verdant/io/archive/tar_writer.hpp>
#include <verdant/io/document/csv.hpp>
#include <verdant/io/file/appended_file.hpp>
#include <verdant/io/file/atomic_file.hpp>
#include <verdant/io/file/byte_cursor.hpp>
#include <verdant/io/file/byte_source.hpp>
#include <verdant/io/file/file_lock.hpp>
#include <verdant/io/file/folder_mirror.hpp>
#include <verdant/io/file/number_in_name.hpp>
#include <verdant/io/file/passed_over.hpp>
#include <verdant/io/file/read_file.hpp>
#include <verdant/io/file/shared_bytes.hpp>
#include <verdant/io/tensor/dtype.hpp>
#include <verdant/io/tensor/half.hpp>
#include <verdant/io/tensor/named_tensors.hpp>
#include <verdant/io/tensor/negated.hpp>
#include <verdant/io/tensor/npy.hpp>
#include <verdant/io/tensor/safetensors.hpp>
#include <verdant/io/tensor/safetensors_header.hpp>
#include <verdant/io/tensor/strided_copy.hpp>
#include <verdant/io/tensor/tensor_data.hpp>
#include <verdant/io/tensorboard/crc32c.hpp>
#include <verdant/io/tensorboard/event_file.hpp>
#include <verdant/io/tensorboard/event_message.hpp>
#include <verdant/io/torch/pickle_machine.hpp>
#include <verdant/io/torch/pickle_object.hpp>
#include <verdant/io/torch/pickled_numpy.hpp>
#include <verdant/io/torch/pickled_tensors.hpp>
#include <verdant/io/torch/torch_unpickler.hpp>
#include <verdant/io/weights/finite_tensors.hpp>
#include <verdant/io/weights/tensor_naming.hpp>
