// SPDX-License-Identifier: GPL-2.0-only
/* PEEKTEXT and PEEKDATA: any alignment, over page ends, what may not be read */
#include <fcntl.h>
#include <sys/prctl.h>

#include "req.h"

static const char text[] = "abcdefghijklmnop";

static void peek(pid_t pid, const char *what, long addr)
{
	long word = 0x11, ret;

	ret = quiet_pt(PTRACE_PEEKDATA, pid, addr, (long)&word);
	out("%s: %s, %#lx", what, show_errno(ret), word);
	word = 0x22;
	if (quiet_pt(PTRACE_PEEKTEXT, pid, addr, (long)&word) != ret)
		out("text differs");
}

static char *map(int prot, int flags, int fd)
{
	char *at = mmap(NULL, 8192, PROT_READ | PROT_WRITE, flags, fd, 0);

	memset(at, 'x', 8192);
	mprotect(at, 4096, prot);
	munmap(at + 4096, 4096);
	return at;
}

int main(void)
{
	int fd = memfd_create("file", 0);
	char *plain, *none, *shared, *exec, *past;
	pid_t pid;
	int i;

	if (ftruncate(fd, 8192))
		return 1;
	plain = map(PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	none = map(PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	exec = map(PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	shared = map(PROT_NONE, MAP_SHARED, fd);
	past = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 1 << 20);
	pid = spawn_traced("tracee", pausing, NULL);
	for (i = 0; i < 9; i++)
		peek(pid, "text", (long)text + i);
	peek(pid, "null", 0);
	peek(pid, "unmapped", 0x1000);
	peek(pid, "read-only", (long)plain);
	peek(pid, "its last word", (long)plain + 4096 - sizeof(long));
	for (i = 1; i < sizeof(long); i++)
		peek(pid, "over its end", (long)plain + 4096 - i);
	peek(pid, "behind it", (long)plain + 4096);
	peek(pid, "no access", (long)none);
	peek(pid, "execute only", (long)exec);
	peek(pid, "no access, shared", (long)shared);
	peek(pid, "past the file's end", (long)past);
	peek(pid, "-1", -1);
	peek(pid, "-8", -8);
#ifdef __x86_64__
	peek(pid, "the top of user space", 0x7ffffffff000 - 8);
	peek(pid, "above user space", 0x7ffffffff000);
	peek(pid, "kernel", 0xffff888000000000L);
	peek(pid, "not canonical", 0x0000800000000000);
#endif
	/* of the tracer only */
	plain = map(PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	peek(pid, "mapped here, not there", (long)plain);
	finish(pid);
	return 0;
}
