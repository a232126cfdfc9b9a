# SPDX-License-Identifier: GPL-2.0-only
# Programs that are also run as 32-bit ones
programs_32 := traceme_cont wait_kinds wait_types life_detach sig_setsiginfo sig_peek \
	sig_realtime restart_handler restart_syscall \
	$(addprefix sec_,change errno fork get_filter \
	interrupt kill kill_thread leave many order) \
	event_each event_sysgood event_compat event_compat_siginfo
