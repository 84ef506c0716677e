# Lists the fenced blocks of a Markdown document, one a line: `<kind><tab><line><tab><argument>`; what must be compiled or compared is written to
# <scratch>/<line>.cpp or .text. Kinds: quoted, program, rejected, output, path, problem.

BEGIN {
    FS = "\t"
    while ((getline record < passages) > 0) {
        tab = index(record, "\t")
        place = substr(record, tab + 1)
        if (place ~ / \[includes\]$/) {
            sub(/ \[includes\]$/, "", place)
            includes[place] = substr(record, 1, tab - 1)
        } else passage[substr(record, 1, tab - 1)] = place
    }
}

function least_indent(    i, least) {
    least = 1000
    for (i = 1; i <= count; ++i)
        if (line[i] ~ /[^ ]/) {
            match(line[i], /^ */)
            if (RLENGTH < least) least = RLENGTH
        }
    return least
}

function save(suffix,    i, path) {
    path = scratch "/" start "." suffix
    printf "" > path
    for (i = 1; i <= count; ++i) print line[i] > path
    close(path)
}

function finish(    i, text, least, words, n, w, program) {
    if (language == "cpp") {
        least = least_indent()
        text = ""
        for (i = 1; i <= count; ++i) text = text (i > 1 ? "\001" : "") substr(line[i], least + 1)
        if (directive ~ /^<!-- rejected: .* -->$/) {
            sub(/^<!-- rejected: /, "", directive)
            sub(/ -->$/, "", directive)
            save("cpp")
            print "rejected\t" start "\t" directive
        } else if (directive ~ /^<!-- includes of .* -->$/) {
            sub(/^<!-- includes of /, "", directive)
            sub(/ -->$/, "", directive)
            if (!(directive in includes)) print "problem\t" start "\tno program " directive ", or it includes nothing"
            else if (text != includes[directive]) print "problem\t" start "\tnot what " directive " includes; scripts/snippet_includes writes it"
            else print "quoted\t" start "\t" directive " [includes]"
            included[directive]
        } else if (text in passage) {
            print "quoted\t" start "\t" passage[text]
            program = passage[text]
            if (sub(/ \[[a-z0-9_]+\]$/, "", program) && text !~ /#include/ && program in includes && !(program in included))
                print "problem\t" start "\ta passage of " program " before its includes; scripts/snippet_includes writes them"
        } else if (text ~ /int main\(/) {
            save("cpp")
            print "program\t" start "\t"
        } else {
            print "problem\t" start "\tneither a passage of a program under examples/ nor a complete program"
        }
    } else if (language == "text" && directive ~ /^<!-- output of .* -->$/) {
        sub(/^<!-- output of /, "", directive)
        sub(/ -->$/, "", directive)
        save("text")
        print "output\t" start "\t" directive
    } else if (language == "sh" || language == "bash" || language == "console") {
        for (i = 1; i <= count; ++i) {
            n = split(line[i], words, " ")
            for (w = 1; w <= n; ++w) {
                sub(/^\.\//, "", words[w])
                if (words[w] ~ /^#/) break
                if (words[w] ~ /^(scripts|examples|tests|benchmarks|docs)\/[A-Za-z0-9_.\/-]+$/) print "path\t" start "\t" words[w]
            }
        }
    }
}

!inside && /^ *```/ {
    inside = 1
    language = $0
    sub(/^ *```/, "", language)
    sub(/[ {].*/, "", language)
    directive = previous
    start = FNR
    count = 0
    next
}

inside && /^ *```/ {
    inside = 0
    finish()
    previous = ""
    next
}

inside { line[++count] = $0 }
!inside && /[^ ]/ { previous = $0 }

END { if (inside) print "problem\t" start "\tthis block is not closed" }
