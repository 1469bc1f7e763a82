// Names the headers of libcrypto that are used, and does with P-256 what needs its macros.
// Keys are points of 65 bytes (0x04, x, y), signatures 64 bytes (r, s); calls return 1 for yes.
#pragma once
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

static inline int ccrypto_no_passphrase(char *text, int size, int writing, void *context) {
    (void)text, (void)size, (void)writing, (void)context;
    return -1;
}

// A key of PEM text that is one of P-256, or NULL; the caller frees it.
static inline EVP_PKEY *ccrypto_p256_key(const uint8_t *pem, size_t count, int is_private) {
    if (count > INT_MAX) return NULL;
    BIO *bio = BIO_new_mem_buf(pem, (int)count);
    if (!bio) return NULL;
    EVP_PKEY *key = is_private ? PEM_read_bio_PrivateKey(bio, NULL, ccrypto_no_passphrase, NULL)
                               : PEM_read_bio_PUBKEY(bio, NULL, ccrypto_no_passphrase, NULL);
    BIO_free(bio);
    char group[32] = {0};
    size_t length = 0;
    if (key && (EVP_PKEY_get_group_name(key, group, sizeof group, &length) != 1
                || strcmp(group, "prime256v1") != 0)) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    return key;
}

// The point of a public key, or of a private one.
static inline int ccrypto_p256_point(
    const uint8_t *pem, size_t count, int is_private, uint8_t point[65]
) {
    EVP_PKEY *key = ccrypto_p256_key(pem, count, is_private);
    if (!key) return 0;
    size_t length = 0;
    int is_done = EVP_PKEY_set_utf8_string_param(
                      key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed") == 1
        && EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, 65, &length) == 1
        && length == 65 && point[0] == 4;
    EVP_PKEY_free(key);
    return is_done;
}

// ECDSA with SHA-256 by the private key of PEM text.
static inline int ccrypto_p256_sign(
    const uint8_t *pem, size_t count, const uint8_t *message, size_t length, uint8_t signature[64]
) {
    EVP_PKEY *key = ccrypto_p256_key(pem, count, 1);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    uint8_t der[80];
    size_t size = sizeof der;
    int is_done = key && context
        && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1
        && EVP_DigestSign(context, der, &size, message, length) == 1;
    const uint8_t *start = der;
    ECDSA_SIG *pair = is_done ? d2i_ECDSA_SIG(NULL, &start, (long)size) : NULL;
    is_done = pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), signature, 32) == 32
        && BN_bn2binpad(ECDSA_SIG_get0_s(pair), signature + 32, 32) == 32;
    ECDSA_SIG_free(pair);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return is_done;
}

// The key of a point, or NULL where it is none of the curve; the caller frees it.
static inline EVP_PKEY *ccrypto_p256_of_point(const uint8_t point[65]) {
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    OSSL_PARAM parameters[3] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)"prime256v1", 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)point, 65),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY *key = NULL;
    if (!context || EVP_PKEY_fromdata_init(context) != 1
        || EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1) key = NULL;
    EVP_PKEY_CTX_free(context);
    return key;
}

// Whether the point is one of the curve.
static inline int ccrypto_p256_is_point(const uint8_t point[65]) {
    EVP_PKEY *key = ccrypto_p256_of_point(point);
    int is_point = key != NULL;
    EVP_PKEY_free(key);
    return is_point;
}

// Whether the signature is one of the message by that point's key.
static inline int ccrypto_p256_verify(
    const uint8_t point[65], const uint8_t *message, size_t length, const uint8_t signature[64]
) {
    EVP_PKEY *key = ccrypto_p256_of_point(point);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature, 32, NULL), *s = BN_bin2bn(signature + 32, 32, NULL);
    int is_set = pair && r && s && ECDSA_SIG_set0(pair, r, s) == 1;
    if (!is_set) {
        BN_free(r);
        BN_free(s);
    }
    uint8_t *der = NULL;
    int size = is_set ? i2d_ECDSA_SIG(pair, &der) : 0;
    int is_valid = key && context && size > 0
        && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1
        && EVP_DigestVerify(context, der, (size_t)size, message, length) == 1;
    OPENSSL_free(der);
    ECDSA_SIG_free(pair);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return is_valid;
}
