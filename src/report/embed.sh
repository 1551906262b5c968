#!/bin/sh
# embed.sh HEADER NAME=FILE... - print C that holds the bytes of each file as
# the array NAME and their number as NAME_len.  POSIX od and awk only.
set -eu
header=$1
shift
printf '/* Made by src/report/embed.sh; do not edit. */\n#include "%s"\n' "$header"
for pair in "$@"; do
	name=${pair%%=*}
	file=${pair#*=}
	[ -s "$file" ] || { echo "embed.sh: $file is missing or empty" >&2; exit 1; }
	printf '\nconst unsigned char %s[] = {\n' "$name"
	od -A n -v -t u1 "$file" | awk '{
		line = ""
		for (i = 1; i <= NF; i++)
			line = line $i ","
		print "\t" line
	}'
	printf '};\nconst size_t %s_len = sizeof(%s);\n' "$name" "$name"
done
