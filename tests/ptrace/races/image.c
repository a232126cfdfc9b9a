// SPDX-License-Identifier: GPL-2.0-only
/*
 * See image.h.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image.h"
#include "race.h"

/* Known to the image, which is told nothing but its name */
#define SHM_FD		100
#define COPY_FD		101

int in_image;

__attribute__((weak)) int race_image(void)
{
	return 96;
}

/* The start of the program: an image is one whose name begins with '@' */
__asm__(".globl race_entry\n"
	"race_entry:\n\t"
	"mov 8(%rsp), %rax\n\t"
	"cmpb $'@', (%rax)\n\t"
	"jne _start\n\t"
	"and $-16, %rsp\n\t"
	"call image_main");

__attribute__((used, noreturn)) void image_main(void)
{
	long addr;

	in_image = 1;
	addr = sys(SYS_mmap, 0, sizeof(*shm), PROT_READ | PROT_WRITE,
		   MAP_SHARED, SHM_FD);
	shm = (void *)addr;
	for (;;) {
		int code = 95;

		if (addr > 0) {
			catch_signals();
			code = race_image();
		}
		sys(SYS_exit_group, code, 0, 0, 0, 0);
	}
}

void exec_self(void)
{
	const char *argv[] = { "@image", NULL };

	sys(SYS_execveat, COPY_FD, (long)"", (long)argv, 0, AT_EMPTY_PATH);
}

static int copy_program(void)
{
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to = memfd_create("image", 0);
	struct stat st;

	if (from < 0 || to < 0 || fstat(from, &st))
		return -1;
	while (st.st_size > 0) {
		ssize_t n = sendfile(to, from, NULL, st.st_size);

		if (n <= 0)
			return -1;
		st.st_size -= n;
	}
	close(from);
	return dup2(to, COPY_FD) < 0 || close(to) ? -1 : 0;
}

int image_prepare(void)
{
	int fd = memfd_create("races", 0);

	if (fd < 0 || ftruncate(fd, sizeof(*shm)) || dup2(fd, SHM_FD) < 0 ||
	    copy_program())
		return -1;
	close(fd);
	shm = mmap(NULL, sizeof(*shm), PROT_READ | PROT_WRITE, MAP_SHARED,
		   SHM_FD, 0);
	return shm == MAP_FAILED ? -1 : 0;
}
