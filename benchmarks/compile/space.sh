#!/bin/sh
# space.sh N: prints a translation unit with a space of N parameters of eight values, a constraint on every second pair, and a point
# of which a few parameters are read. What scripts/compile_time measures.
awk -v n="$1" 'BEGIN {
    print "#include <verdant/space.hpp>"
    print "struct measured : verdant::space<"
    for (i = 0; i < n; ++i) printf "    verdant::param<\"p%d\", verdant::range<0, 7>>,\n", i
    for (i = 0; i + 1 < n; i += 4)
        printf "    verdant::where<verdant::var<\"p%d\"> + verdant::var<\"p%d\"> <= verdant::val<10>>%s\n", i, i + 1, (i + 5 < n ? "," : "")
    print "> {};"
    print "static_assert(verdant::valid<measured>);"
    print "constexpr verdant::point<measured> first{};"
    printf "static_assert(first.get<\"p0\">() + first.get<\"p%d\">() + first.get<\"p%d\">() == 0);\n", int(n / 2), n - 1
}'
