/* Makes a program that uses OpenSSL write its secrets: to EARSHOT_KEY_LOG what SSLKEYLOGFILE would hold, to EARSHOT_EXPORTED
   each result of the DTLS-SRTP exporter (RFC 5764 section 4.2) as "<profile> <keying material in hex>". EARSHOT_SRTP_PROFILES
   replaces the profiles the program would offer.

     gcc -shared -fPIC -o shim.so keylog-shim.c -ldl
     LD_PRELOAD=./shim.so EARSHOT_KEY_LOG=keys.log baresip */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void append(const char *variable, const char *line) {
  const char *path = getenv(variable);
  FILE *file = path ? fopen(path, "a") : NULL;
  if (!file) return;
  fprintf(file, "%s\n", line);
  fclose(file);
}

static void on_secret(const SSL *ssl, const char *line) {
  (void)ssl;
  append("EARSHOT_KEY_LOG", line);
}

SSL_CTX *SSL_CTX_new(const SSL_METHOD *method) {
  SSL_CTX *(*next)(const SSL_METHOD *) = dlsym(RTLD_NEXT, "SSL_CTX_new");
  SSL_CTX *context = next(method);
  if (!context) return NULL;
  SSL_CTX_set_keylog_callback(context, on_secret);
  return context;
}

int SSL_CTX_set_tlsext_use_srtp(SSL_CTX *context, const char *profiles) {
  int (*next)(SSL_CTX *, const char *) = dlsym(RTLD_NEXT, "SSL_CTX_set_tlsext_use_srtp");
  const char *other = getenv("EARSHOT_SRTP_PROFILES");
  return next(context, other ? other : profiles);
}

int SSL_export_keying_material(SSL *ssl, unsigned char *out, size_t length, const char *label, size_t label_length,
                               const unsigned char *context, size_t context_length, int use_context) {
  int (*next)(SSL *, unsigned char *, size_t, const char *, size_t, const unsigned char *, size_t, int) =
      dlsym(RTLD_NEXT, "SSL_export_keying_material");
  int done = next(ssl, out, length, label, label_length, context, context_length, use_context);
  SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile(ssl);
  if (done == 1 && profile && strncmp(label, "EXTRACTOR-dtls_srtp", label_length) == 0 && length <= 256) {
    char line[640];
    int at = snprintf(line, sizeof line, "%s ", profile->name);
    for (size_t i = 0; i < length; i++) at += snprintf(line + at, sizeof line - at, "%02x", out[i]);
    append("EARSHOT_EXPORTED", line);
  }
  return done;
}
