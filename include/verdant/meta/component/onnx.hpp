#pragma once

// What every header of the component includes first, so that a program which does not link it reads one sentence and no page of what is missing.
#if !defined(VERDANT_COMPONENT_ONNX) && !defined(VERDANT_ALL_COMPONENTS)
#error "verdant: this header belongs to the component onnx; link the CMake target verdant::onnx, or define VERDANT_COMPONENT_ONNX and link onnx and protobuf"
#endif

// ONNX's own headers ask for these; its CMake target defines them, too.
#if !defined(ONNX_NAMESPACE)
#define ONNX_NAMESPACE onnx
#endif
#if !defined(ONNX_ML)
#define ONNX_ML 1
#endif
