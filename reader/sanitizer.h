/* sanitizer.h - AW_HAS_ASAN where this is built with AddressSanitizer, whose
 * shadow memory has no room under a limit, and which needs stderr.
 */
#ifndef AW_READER_SANITIZER_H
#define AW_READER_SANITIZER_H

#if defined(__SANITIZE_ADDRESS__)
#define AW_HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define AW_HAS_ASAN 1
#endif
#endif

#endif
