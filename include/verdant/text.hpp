#pragma once

/// The room text/. Numbers as text, UTF-8 and Unicode tables, HTML entities, the closest name.

#include <verdant/text/closest_name.hpp>
#include <verdant/text/html.hpp>
#include <verdant/text/html_entities.hpp>
#include <verdant/text/json_text.hpp>
#include <verdant/text/number.hpp>
#include <verdant/text/number_in_unit.hpp>
#include <verdant/text/python_float.hpp>
#include <verdant/text/sha512.hpp>
#include <verdant/text/unicode.hpp>
#include <verdant/text/unicode_tables.hpp>
#include <verdant/text/utc.hpp>
#include <verdant/text/utf8.hpp>
#include <verdant/text/utf8_step.hpp>
