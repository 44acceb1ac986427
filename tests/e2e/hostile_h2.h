/* hostile_h2.h - bad answers in HTTP/2 over TLS, for hostile.c.
 *
 * Frames are written by hand, since no library sends such ones. The address
 * that was connected to says which answer it is: the first of hostile_h2_names
 * at FIRST, the next one behind it, and so on.
 */
#ifndef HOSTILE_H2_H
#define HOSTILE_H2_H

#include <stddef.h>

extern const char *const hostile_h2_names[];
extern const size_t hostile_h2_count;

/* Reads certificate and key; ends the process where it cannot. */
void hostile_h2_init(const char *pem, const char *key);

/* Serves one connection with the answer of that number; returns or ends the
 * process when the client goes away. */
void hostile_h2_serve(int fd, size_t number);

#endif
