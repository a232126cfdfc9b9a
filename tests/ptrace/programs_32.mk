# SPDX-License-Identifier: GPL-2.0-only
# Programs that are also run as 32-bit ones
programs_32 := traceme_cont $(addprefix sec_,change errno fork get_filter \
	interrupt kill kill_thread leave many order)
