// SPDX-License-Identifier: GPL-2.0-only
/* POKETEXT and POKEDATA: read-only pages are copied, shared ones are refused */
#include "req.h"

static long word = 5;
static const long constant[4096] = { 6 };	/* in a page of its own kind */
static char *shared, *readonly, *file, *end, *none;

static char *map(int prot, int flags, int fd)
{
	char *at = mmap(NULL, 8192, PROT_READ | PROT_WRITE, flags, fd, 0);

	munmap(at + 4096, 4096);
	mprotect(at, 4096, prot);
	return at;
}

static void child(void *arg)
{
	for (;;)
		raise(SIGUSR1);
}

static void poke(pid_t pid, const char *what, void *addr, long value)
{
	long seen = 0x11, ret;

	out("%s: %s", what, show_errno(quiet_pt(PTRACE_POKEDATA, pid,
						(long)addr, value)));
	ret = quiet_pt(PTRACE_PEEKDATA, pid, (long)addr, (long)&seen);
	out("  then %s, %#lx", show_errno(ret), seen);
}

int main(void)
{
	int fd = memfd_create("file", 0);
	long seen = 0, here;
	pid_t pid, other;
	char buf[8] = "";
	int i;

	if (ftruncate(fd, 8192))
		return 1;
	shared = map(PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	readonly = map(PROT_READ, MAP_SHARED, fd);
	file = map(PROT_READ, MAP_PRIVATE, fd);
	end = map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	none = map(PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	pid = spawn_traced("tracee", child, NULL);
	other = spawn_traced("other", child, NULL);

	poke(pid, "data", &word, 50);
	poke(pid, "data, unaligned", (char *)&word + 1, 51);
	poke(pid, "constant", (void *)constant, 60);
	poke(pid, "text", (void *)child, 0x0b0f0b0f);
	poke(pid, "shared", shared, 70);
	poke(pid, "shared, read-only", readonly + 8, 71);
	poke(pid, "private of a file", file + 16, 72);
	poke(pid, "no access", none, 73);
	poke(pid, "unmapped", end + 4096, 74);
	poke(pid, "null", NULL, 75);
	poke(pid, "-1", (void *)-1, 75);
#ifdef __x86_64__
	poke(pid, "kernel", (void *)0xffff888000000000, 76);
#endif
	/* those bytes that were there are written, nevertheless */
	for (i = 1; i < sizeof(long); i++) {
		poke(pid, "over the end", end + 4096 - i, -1L);
		quiet_pt(PTRACE_PEEKDATA, pid,
			 (long)end + 4096 - sizeof(long), (long)&seen);
		out("  the last word %#lx", seen);
	}

	here = *(long *)shared;
	out("here %ld %ld %d, shared %ld", word, constant[0], end[4095], here);
	if (pread(fd, buf, 8, 16) != 8)
		return 1;
	out("file %d", buf[0]);
	quiet_pt(PTRACE_PEEKDATA, other, (long)&word, (long)&seen);
	out("other's %ld", seen);
	quiet_pt(PTRACE_PEEKDATA, other, (long)shared, (long)&seen);
	out("other's shared %ld", seen);
	/* the code is there */
	req_go(pid, PTRACE_CONT, 0);
	req_go(other, PTRACE_CONT, 0);
	finish(pid);
	finish(other);
	return 0;
}
