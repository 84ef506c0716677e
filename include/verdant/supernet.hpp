#pragma once

/// The room supernet/. Elastic networks and their progressive shrinking.

#include <verdant/supernet/backbone.hpp>
#include <verdant/supernet/best_score.hpp>
#include <verdant/supernet/elastic_mobile_net.hpp>
#include <verdant/supernet/elastic_residual_net.hpp>
#include <verdant/supernet/elastic_supernet.hpp>
#include <verdant/supernet/judge.hpp>
#include <verdant/supernet/mixup.hpp>
#include <verdant/supernet/phase_log.hpp>
#include <verdant/supernet/shrinking.hpp>
#include <verdant/supernet/shrinking_phase.hpp>
#include <verdant/supernet/sort_channels.hpp>
#include <verdant/supernet/subnet_choice.hpp>
#include <verdant/supernet/subnet_sampling.hpp>
#include <verdant/supernet/supervision.hpp>
#include <verdant/supernet/train_supernet.hpp>
#include <verdant/supernet/validate.hpp>
#include <verdant/supernet/validation_grid.hpp>
