# Prints the passages of programs that documents may quote, one a line: `<text><tab><file> [<name>]`, with the common indentation removed and
# the lines joined by \001. A passage stands between `// [name]` and `// [/name]`; a whole file is a passage without a name. The passage `[includes]`
# needs no comments: it is what a file begins with, its #include lines and the aliases of namespaces after them.

function dedented(text,    lines, count, i, least, indent, result) {
    count = split(text, lines, "\001")
    least = 1000
    for (i = 1; i <= count; ++i)
        if (lines[i] ~ /[^ ]/) {
            match(lines[i], /^ */)
            if (RLENGTH < least) least = RLENGTH
        }
    result = ""
    for (i = 1; i <= count; ++i) result = result (i > 1 ? "\001" : "") substr(lines[i], least + 1)
    return result
}

function finish(    name) {
    if (file != "") print whole "\t" file
    if (file != "" && head != "") print head "\t" file " [includes]"
    for (name in open) {
        print file ": [" name "] is not closed" > "/dev/stderr"
        failed = 1
    }
    split("", open)
}

FNR == 1 {
    finish()
    file = FILENAME
    whole = ""
    head = ""
    at_head = 1
}

at_head && /^(#include |namespace [a-z_0-9]+ = .*;$)/ { head = head (head == "" ? "" : "\001") $0 }
at_head && !/^(#include |#pragma once|namespace [a-z_0-9]+ = .*;$|\/\/|[ ]*$)/ { at_head = 0 }

/^ *\/\/ \[\/[a-z0-9_]+\]$/ {
    name = $2
    gsub(/[][\/]/, "", name)
    print dedented(open[name]) "\t" file " [" name "]"
    delete open[name]
    next
}

/^ *\/\/ \[[a-z0-9_]+\]$/ {
    name = $2
    gsub(/[][]/, "", name)
    open[name] = ""
    next
}

{
    gsub(/\t/, "    ")
    whole = whole (whole == "" ? "" : "\001") $0
    for (name in open) open[name] = open[name] (open[name] == "" ? "" : "\001") $0
}

END {
    finish()
    exit failed
}
