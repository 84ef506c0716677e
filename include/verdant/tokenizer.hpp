#pragma once

/// The room tokenizer/. CLIP's byte-pair encoding: words, merges, training.

#include <verdant/tokenizer/bpe_merges.hpp>
#include <verdant/tokenizer/bpe_training.hpp>
#include <verdant/tokenizer/byte_alphabet.hpp>
#include <verdant/tokenizer/caption_cleaning.hpp>
#include <verdant/tokenizer/caption_words.hpp>
#include <verdant/tokenizer/tokenizer.hpp>
