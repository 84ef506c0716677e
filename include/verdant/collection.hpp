#pragma once

/// The room collection/. Architectures that several processes measure together, what that emits, and cheap trainings that rank as full ones do.

#include <verdant/collection/collect_networks.hpp>
#include <verdant/collection/collection_footprint.hpp>
#include <verdant/collection/proxy_search.hpp>
#include <verdant/collection/work_folder.hpp>
