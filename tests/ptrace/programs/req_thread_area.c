// SPDX-License-Identifier: GPL-2.0-only
/* GET_THREAD_AREA, SET_THREAD_AREA and ARCH_PRCTL: entries, contents, codes */
#include "req.h"

static void area(pid_t pid, long entry)
{
	struct user_desc d;
	long ret;

	memset(&d, 0xa5, sizeof(d));
	ret = quiet_pt(REQ_GET_THREAD_AREA, pid, entry, (long)&d);
	if (ret)
		out("  get %ld: %s", entry, show_errno(ret));
	else
		out("  get %ld: entry %u limit %#x 32 %d contents %d ro %d pages %d absent %d "
		    "use %d%s",
		    entry, d.entry_number, d.limit, d.seg_32bit, d.contents,
		    d.read_exec_only, d.limit_in_pages, d.seg_not_present,
		    d.useable, d.base_addr == 0x1000 ? ", base 0x1000" : "");
	d = (struct user_desc){ .entry_number = entry, .base_addr = 0x1000,
				.limit = 0xfff, .seg_32bit = 1, .useable = 1 };
	out("  set %ld: %s", entry,
	    show_errno(quiet_pt(REQ_SET_THREAD_AREA, pid, entry, (long)&d)));
	/* the number in the structure counts for nothing */
	d.entry_number = 99;
	out("  set %ld as 99: %s", entry,
	    show_errno(quiet_pt(REQ_SET_THREAD_AREA, pid, entry, (long)&d)));
	d.limit_in_pages = 1;
	d.seg_not_present = 1;
	d.contents = 3;
	out("  set %ld odd: %s", entry,
	    show_errno(quiet_pt(REQ_SET_THREAD_AREA, pid, entry, (long)&d)));
}

static void prctl_code(pid_t pid, const char *what, long code, long addr)
{
	*(long *)req_room = 77;
	req_add(what, show_errno(quiet_pt(REQ_ARCH_PRCTL, pid, addr, code)));
}

int main(void)
{
	static const long entries[] = { 0, 5, 11, 13, 14, 15, 16, 8191, -1 };
	pid_t pid = spawn_traced("tracee", pausing, NULL);
	unsigned int i;

	for (i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		area(pid, entries[i]);
		area(pid, entries[i]);
	}
	prctl_code(pid, "get fs", ARCH_GET_FS, (long)req_room);
	prctl_code(pid, "get gs", ARCH_GET_GS, (long)req_room);
	out("gs base %ld", *(long *)req_room);
	prctl_code(pid, "set gs", ARCH_SET_GS, 0x4000);
	prctl_code(pid, "get gs again", ARCH_GET_GS, (long)req_room);
	out("gs base %#lx", *(long *)req_room);
	prctl_code(pid, "set gs to -1", ARCH_SET_GS, -1);
	prctl_code(pid, "set gs to 0", ARCH_SET_GS, 0);
	prctl_code(pid, "set fs to -1", ARCH_SET_FS, -1);
	prctl_code(pid, "bad address", ARCH_GET_FS, 8);
	prctl_code(pid, "code 0", 0, (long)req_room);
	prctl_code(pid, "code -1", -1, (long)req_room);
	prctl_code(pid, "code 0x1000", 0x1000, (long)req_room);
	/* those that are not the tracer's business */
	prctl_code(pid, "get cpuid", ARCH_GET_CPUID, 0);
	prctl_code(pid, "set cpuid", ARCH_SET_CPUID, 0);
	req_print();
	finish(pid);
	return 0;
}
