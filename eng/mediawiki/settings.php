<?php
# A test wiki's settings, appended to what MediaWiki's own installer wrote (see wiki.sh).
# The wiki's folder holds mw/ (the program), db/ and, on demand, fault.json.

$wgServer = getenv( 'WIKI_SERVER' ) ?: $wgServer;
$wgMainCacheType = CACHE_ACCEL;	// APCu, which the server's workers share
$wgParserCacheType = CACHE_DB;
$wgSessionCacheType = CACHE_DB;
$wgJobRunRate = 0;	// no request pays for a job
$wgEnableUploads = false;
$wgMaxArticleSize = 4096;
$wgGroupPermissions['*']['edit'] = false;

// The data can be made again: an import need not wait for the disk.
$wgDBservers = [ [
	'type' => 'sqlite', 'host' => '', 'user' => '', 'password' => '',
	'dbname' => $wgDBname, 'tablePrefix' => '', 'dbDirectory' => $wgSQLiteDataDir,
	'variables' => [ 'synchronous' => 'OFF' ], 'flags' => DBO_DEFAULT, 'load' => 1,
] ];

// Faults on demand. fault.json: {"percent": 30, "kind": KIND, "retry_after": 1, "seconds": 90}
// KIND is 429, 503, maxlag, ratelimited, html, truncate, gzip or hang ("seconds" is for hang), or "without MODULE", which
// switches a module of prop off as MediaWiki's manual says.
( static function ( $file ) {
	$fault = PHP_SAPI === 'cli-server' && is_file( $file ) ? json_decode( file_get_contents( $file ), true ) : null;
	if ( !$fault || mt_rand( 1, 100 ) > ( $fault['percent'] ?? 0 ) ) {
		return;
	}
	$kind = (string)( $fault['kind'] ?? '429' );
	if ( str_starts_with( $kind, 'without ' ) ) {
		$GLOBALS['wgAPIPropModules'][substr( $kind, 8 )] = 'ApiQueryDisabled';
		return;
	}
	if ( in_array( $kind, [ '429', '503', 'maxlag' ] ) ) {
		header( 'Retry-After: ' . ( $fault['retry_after'] ?? 1 ) );
	}
	$apiError = static function ( $code, $text ) {
		header( 'Content-Type: application/json; charset=utf-8' );
		header( "MediaWiki-API-Error: $code" );
		echo json_encode( isset( $_REQUEST['errorformat'] )
			? [ 'errors' => [ [ 'code' => $code, 'text' => $text, 'module' => 'main' ] ] ]
			: [ 'error' => [ 'code' => $code, 'info' => $text ] ] );
	};
	switch ( $kind ) {
		case '429':
		case '503':
			http_response_code( (int)$kind );
			echo "<h1>$kind</h1>";
			break;
		case 'maxlag':
			$apiError( 'maxlag', 'Waiting for db1: 7 seconds lagged.' );
			break;
		case 'ratelimited':
			$apiError( 'ratelimited', "You've exceeded your rate limit." );
			break;
		case 'html':
			header( 'Content-Type: text/html' );
			echo '<!DOCTYPE html><title>Sign in to the network</title>';
			break;
		case 'truncate':
			header( 'Content-Type: application/json; charset=utf-8' );
			echo '{"batchcomplete":true,"query":{"pages":[{"pageid":1,"ti';
			break;
		case 'gzip':
			header( 'Content-Type: application/json; charset=utf-8' );
			header( 'Content-Encoding: gzip' );
			echo "\x1f\x8b\x08\0\0\0\0\0\0\3 this is not gzip";
			break;
		case 'hang':
			sleep( (int)( $fault['seconds'] ?? 90 ) );
	}
	exit;
} )( dirname( MW_INSTALL_PATH ) . '/fault.json' );
