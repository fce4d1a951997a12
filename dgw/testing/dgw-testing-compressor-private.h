/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DgwTestingCompressor DgwTestingCompressor;

typedef enum
{
  DGW_TESTING_COMPRESSOR_NONE,
  DGW_TESTING_COMPRESSOR_ZLIB_PAYLOAD,
  DGW_TESTING_COMPRESSOR_ZLIB_STREAM,
  DGW_TESTING_COMPRESSOR_ZSTD_STREAM,
} DgwTestingCompressorKind;

DgwTestingCompressor *dgw_testing_compressor_new (DgwTestingCompressorKind kind,
                                                  int                      level) G_GNUC_WARN_UNUSED_RESULT;
void                  dgw_testing_compressor_free (DgwTestingCompressor *compressor);

DgwTestingCompressorKind dgw_testing_compressor_get_kind (DgwTestingCompressor *compressor);

const GByteArray *dgw_testing_compressor_run (DgwTestingCompressor *compressor,
                                              const void           *data,
                                              gsize                 size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwTestingCompressor, dgw_testing_compressor_free)

G_END_DECLS
