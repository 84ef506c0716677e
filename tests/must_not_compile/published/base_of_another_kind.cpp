// expect: verdant: these points describe models of another kind than the base; give the unpruned model as the last argument
#include <verdant/published/published_table.hpp>
#include <verdant/workload/transformer/transformer_configs.hpp>

struct bert : verdant::spaces::transformer_codesign<verdant::spaces::bert_base> {};

#if defined(VERDANT_GOOD)
const auto text = verdant::published::published_text(verdant::point<bert>{}, verdant::workload::bert_base_uncased);
#else
const auto text = verdant::published::published_text(verdant::point<bert>{}, verdant::workload::clip_named("ViT-B-16"));
#endif
