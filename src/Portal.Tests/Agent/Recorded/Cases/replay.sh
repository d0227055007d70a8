#!/bin/sh
# Answers as the programs of a recorded node did: replay.sh FOLDER PROGRAM WORDS...
folder=$1
shift
name=$(printf %s "$*" | sha256sum)
answer=$folder/${name%% *}
if [ ! -f "$answer" ]; then
  echo "\"$*\" was not recorded." >&2
  exit 1
fi
exec cat "$answer"
