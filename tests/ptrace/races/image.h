/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exec of the program itself, as another image in the same race.
 *
 * Most of what an exec costs would be the start of libc, and reading the file
 * from wherever it lies.  So the image is a copy in memory, and has no libc: it
 * may use nothing that is not declared here, in race.h or in meet.h.
 */
#ifndef RACE_IMAGE_H
#define RACE_IMAGE_H

/* In the program: what an image does */
int race_image(void);
/* Returns if the exec failed */
void exec_self(void);

/* The file whose memory all images share; makes the copy, too */
int image_prepare(void);
/* Is this one? */
extern int in_image;

#endif
