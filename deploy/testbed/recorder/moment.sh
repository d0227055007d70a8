# Sourced: moment NAME writes what an agent reads of its node now, and nothing else: files and links of the kernel, and what the programs that it
# asks print. The words of the programs are those of the agent, in LsblkReport, WipefsReport, LosetupReport and LvmReport; a recording made with
# other words is not found by the tests.

recorded_file() {
  local text
  text=$(cat "$1" 2>/dev/null) || return 0
  echo "file $1"
  echo "$text" | sed 's/^/|/'
}

recorded_link() { echo "link $1 $(readlink "$1")"; }

recorded_links_of() {
  local link
  [ -d "$1" ] || return 0
  echo "folder $1"
  for link in "$1"/*; do [ ! -L "$link" ] || recorded_link "$link"; done
}

recorded_program() {
  echo "program $*"
  "$@" 2>/dev/null | sed 's/^/|/'
}

recorded_block_device() {
  local folder file
  recorded_link "$1"
  folder=$(readlink -f "$1")
  for file in dev size stat diskseq partition loop/backing_file dm/name dm/uuid; do [ ! -f "$folder/$file" ] || recorded_file "$folder/$file"; done
  recorded_links_of "$folder/holders"
  recorded_links_of "$folder/slaves"
}

# As lsblk names it, but for volumes, whose content is not looked at.
recorded_signatures() {
  local folder path
  folder=$(readlink -f "$1")
  path=/dev/${1##*/}
  if [ -f "$folder/dm/name" ]; then
    case $(cat "$folder/dm/uuid") in LVM-*) return 0 ;; esac
    path=/dev/mapper/$(cat "$folder/dm/name")
  fi
  [ "$(cat "$folder/size")" = 0 ] || recorded_program wipefs --no-act --json --output OFFSET,TYPE,USAGE,LABEL,UUID "$path"
}

moment() {
  local block
  # What was written is in the counters, and what udev has to say is said.
  sync
  udevadm settle
  echo "moment $1"
  recorded_file /proc/diskstats
  recorded_file /proc/1/mountinfo
  recorded_file /proc/swaps
  recorded_file /proc/sys/kernel/random/boot_id
  recorded_file /proc/sys/kernel/osrelease
  for block in /sys/class/block/*; do recorded_block_device "$block"; done
  recorded_links_of /dev/disk/by-id
  recorded_links_of /dev/mapper
  recorded_program lsblk --json --bytes --list --output NAME,KNAME,MAJ:MIN,TYPE,SIZE,RO,RM,ROTA,MODEL,SERIAL,WWN,TRAN,LOG-SEC
  for block in /sys/class/block/*; do recorded_signatures "$block"; done
  recorded_program losetup --list --json --output NAME,BACK-FILE,DIO
  recorded_program lvm version
  recorded_program lvm fullreport --reportformat json --units b --nosuffix --all \
    --configreport vg -o vg_name,vg_uuid,vg_attr,vg_size,vg_free,vg_extent_size,pv_count,lv_count,vg_missing_pv_count \
    --configreport pv -o pv_name,pv_uuid,pv_size,pv_free,dev_size,pv_missing,pv_allocatable \
    --configreport lv -o lv_name,lv_uuid,lv_parent,lv_size,lv_attr,pool_lv,origin,data_percent,metadata_percent,lv_kernel_major,lv_kernel_minor,lv_tags \
    --configreport pvseg -o pv_uuid,pvseg_start,pvseg_size,lv_name \
    --configreport seg -o lv_uuid,segtype,devices
}
