/*
 * signame.h - signals by name and number, and the words for a process that died of one.
 */
#ifndef USERLAND_LIB_SIGNAME_H
#define USERLAND_LIB_SIGNAME_H

/* The largest number signame_of knows (31: the standard signals of Linux). */
#define SIGNAME_LAST 31

/* "TERM" for 15; NULL for a number that has no name. */
const char *signame_of(int number);

/* The number for "TERM", "SIGTERM", "term" or "15" (0 included); -1 if it is none. */
int signame_parse(const char *text);

/* "Terminated", "Segmentation fault" ... never NULL. */
const char *signame_describe(int number);

#endif
