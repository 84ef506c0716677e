#pragma once

/// The room meta/. What templates need: fixed strings, literals, hashes of names, expressions, programs, names of types.

#include <verdant/meta/callable_address.hpp>
#include <verdant/meta/defined_once.hpp>
#include <verdant/meta/enum_name.hpp>
#include <verdant/meta/expression.hpp>
#include <verdant/meta/fixed_string.hpp>
#include <verdant/meta/fnv1a.hpp>
#include <verdant/meta/hana.hpp>
#include <verdant/meta/instantiated_when_used.hpp>
#include <verdant/meta/literal.hpp>
#include <verdant/meta/members.hpp>
#include <verdant/meta/nearest_name.hpp>
#include <verdant/meta/program.hpp>
#include <verdant/meta/refused_value.hpp>
#include <verdant/meta/type_name.hpp>
