// Names the header of libcurl that Swift sees, and its variadic calls with their types written out.
#pragma once
#include <curl/curl.h>
#include <stdio.h>

static inline CURLcode ccurl_set_text(CURL *curl, CURLoption option, const char *text) {
    return curl_easy_setopt(curl, option, text);
}

static inline CURLcode ccurl_set_number(CURL *curl, CURLoption option, long number) {
    return curl_easy_setopt(curl, option, number);
}

static inline CURLcode ccurl_set_bytes(CURL *curl, CURLoption option, curl_off_t count) {
    return curl_easy_setopt(curl, option, count);
}

static inline CURLcode ccurl_set_file(CURL *curl, CURLoption option, FILE *file) {
    return curl_easy_setopt(curl, option, file);
}

static inline CURLcode ccurl_set_list(CURL *curl, CURLoption option, struct curl_slist *list) {
    return curl_easy_setopt(curl, option, list);
}

static inline long ccurl_status(CURL *curl) {
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return status;
}
