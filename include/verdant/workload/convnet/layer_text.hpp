#pragma once

#include <verdant/workload/convnet/mobile_net.hpp>
#include <verdant/workload/convnet/nonlinearity.hpp>

#include <string>
#include <vector>

/// Layers in words, as the originals' `module_str` prints them.
namespace verdant::workload {

/// `H_SWISH`.
[[nodiscard]] inline std::string upper_name(nonlinearity f) {
    std::string text{name(f)};
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

/// `3x3_Conv_O16_H_SWISH_BN`.
[[nodiscard]] inline std::string text_of(const conv_layer& c) {
    const auto k = std::to_string(c.kernel);
    return k + 'x' + k + "_Conv_O" + std::to_string(c.out) + (c.act == nonlinearity::none ? "" : '_' + upper_name(c.act)) +
           (c.batch_norm ? "_BN" : "");
}

/// `(SE_3x3_MBConv2_H_SWISH_O96_BN, None)`; the number behind MBConv is the quotient of the channels, rounded down.
[[nodiscard]] inline std::string text_of(const mobile_block& b) {
    const auto k = std::to_string(b.kernel);
    return std::string{"("} + (b.se ? "SE_" : "") + k + 'x' + k + "_MBConv" + std::to_string(b.mid / b.in) + '_' + upper_name(b.act) + "_O" +
           std::to_string(b.out) + "_BN, " + (b.shortcut ? "Identity" : "None") + ')';
}

/// One line a layer: first convolution, blocks, final expansion, mean, feature mix, classifier.
[[nodiscard]] inline std::vector<std::string> layer_texts(const mobile_net& n) {
    std::vector<std::string> lines{text_of(n.first_conv)};
    for (const auto& b : n.blocks) lines.push_back(text_of(b));
    if (n.has_final_expand()) {
        lines.push_back(text_of(n.final_expand));
        lines.emplace_back("MyGlobalAvgPool2d(keep_dim=True)");
        lines.push_back(text_of(n.feature_mix));
    } else {
        lines.push_back(text_of(n.feature_mix));
        lines.emplace_back("MyGlobalAvgPool2d(keep_dim=False)");
    }
    lines.push_back(std::to_string(n.feature_mix.out) + 'x' + std::to_string(n.classes) + "_Linear");
    return lines;
}

} // namespace verdant::workload
