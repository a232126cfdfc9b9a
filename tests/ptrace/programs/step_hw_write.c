// SPDX-License-Identifier: GPL-2.0-only
/* Watched data: writes, reads and writes, lengths; DR6 */
#include "step_hw.h"

void body(void *arg);
LABEL(first); LABEL(store); LABEL(stored); LABEL(load); LABEL(loaded);
LABEL(near); LABEL(last);
static char data[16] asm("data_watched") __attribute__((aligned(16), used));

asm(".text\nbody:\nint3\n"
	L(first) "nop\n"
	L(store) "movl $5, data_watched\n"
	L(stored) "nop\n"
	L(load) "movl data_watched, %eax\n"
	L(loaded) "nop\n"
	L(near) "movb $1, data_watched + 3\n"
	L(last) "nop\n"
	"mov $" STR(__NR_exit_group) ", %eax\n"
	CALL_INSN);

static const struct label table[] = {
	SYM(first), SYM(store), SYM(stored), SYM(load), SYM(loaded), SYM(near),
	SYM(last), SYM(data), { NULL }
};

/*
 * No single step onto a watched store: QEMU 7.2 (TCG) then repeats the debug
 * exception for ever.
 */
int main(void)
{
	static const struct {
		const char *what;
		int type, len, off;
	} watch[] = {
		{ "write 1", 1, 0, 0 },
		{ "write 4", 1, 3, 0 },
		{ "write 2, upper half", 1, 1, 2 },
		{ "write 8", 1, 2, 0 },
		{ "both 4", 3, 3, 0 },
	};
	int i, n;

	labels = table;
	for (i = 0; i < sizeof(watch) / sizeof(watch[0]); i++) {
		pid_t pid = start_body(body);

		out("%s", watch[i].what);
		set_dr(pid, 1, (long)data + watch[i].off);
		if (set_dr(pid, 7, dr7(1, watch[i].type, watch[i].len)))
			out("  dr7: %s", show_errno(-1));
		for (n = 0; n < 4; n++) {
			if (!go(pid, PTRACE_CONT, 0))
				break;
			show_drs(pid);
			set_dr(pid, 6, 0);
		}
		finish(pid);
	}
	return 0;
}
