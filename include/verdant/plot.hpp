#pragma once

/// The room plot/. SVG pictures: the writer, paint, axes, colours, marks, keys, series.

#include <verdant/plot/agreement.hpp>
#include <verdant/plot/axis.hpp>
#include <verdant/plot/bars.hpp>
#include <verdant/plot/colours.hpp>
#include <verdant/plot/key.hpp>
#include <verdant/plot/marker.hpp>
#include <verdant/plot/paint.hpp>
#include <verdant/plot/picture_options.hpp>
#include <verdant/plot/point_groups.hpp>
#include <verdant/plot/series.hpp>
#include <verdant/plot/svg.hpp>
#include <verdant/plot/svg_writer.hpp>
