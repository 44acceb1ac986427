<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:include href="common.xsl"/>
<xsl:variable name="title">证据清单</xsl:variable>

<xsl:template match="case">
  <h1>证据清单</h1>
  <xsl:call-template name="case-number"/>
  <p class="small">
    <xsl:text>证据包：</xsl:text>
    <xsl:value-of select="name"/>
    <xsl:text>；共 </xsl:text>
    <xsl:value-of select="count(items/item)"/>
    <xsl:text> 项。文件路径从证据包文件夹起计。本清单及同一文件夹（09-文书）内的文书由以下各项生成，不列入清单，其摘要见证据包的 manifest-sha256.txt 与 manifest-sm3.txt。</xsl:text>
  </p>
  <table>
    <thead>
      <tr>
        <th class="n" scope="col">序号</th>
        <th scope="col">证据</th>
      </tr>
    </thead>
    <tbody>
      <xsl:apply-templates select="items/item"/>
    </tbody>
  </table>
  <xsl:if test="string(items/@sha256)">
    <p class="small">
      <xsl:text>清单总摘要（每项一行“SHA-256、两个空格、文件路径”，按路径字节排序，行尾换行，再求 SHA-256）：</xsl:text>
      <span class="digest"><xsl:value-of select="items/@sha256"/></span>
    </p>
  </xsl:if>
  <div class="sign">
    <p>制作人（签名）：<span class="blank">&#160;</span>　　<span class="blank">&#160;</span></p>
    <p>核对人（签名）：<span class="blank">&#160;</span>　　日期：<span class="blank">&#160;</span></p>
  </div>
  <div class="todo">
    <p class="label">待填写</p>
    <ul>
      <xsl:call-template name="todo-number"/>
      <li>制作人、核对人签名与日期</li>
    </ul>
  </div>
</xsl:template>

<xsl:template match="item">
  <tr>
    <td class="n"><xsl:value-of select="@n"/></td>
    <td>
      <span class="label">名称：</span>
      <xsl:call-template name="file-name">
        <xsl:with-param name="path" select="file"/>
      </xsl:call-template>
      <br/>
      <span class="label">制作方法：</span>
      <xsl:call-template name="or-blank">
        <xsl:with-param name="value" select="how"/>
      </xsl:call-template>
      <br/>
      <span class="label">制作时间：</span>
      <xsl:call-template name="time">
        <xsl:with-param name="at" select="made"/>
      </xsl:call-template>
      <br/>
      <xsl:if test="source">
        <span class="label">源数据时间：</span>
        <xsl:call-template name="time">
          <xsl:with-param name="at" select="source"/>
        </xsl:call-template>
        <br/>
      </xsl:if>
      <span class="label">制作人：</span>
      <xsl:call-template name="or-blank">
        <xsl:with-param name="value" select="by"/>
      </xsl:call-template>
      <br/>
      <span class="label">证明对象：</span>
      <xsl:call-template name="or-blank">
        <xsl:with-param name="value" select="proves"/>
        <xsl:with-param name="class" select="'wide'"/>
      </xsl:call-template>
      <br/>
      <span class="label">文件：</span>
      <xsl:value-of select="file"/>
      <xsl:text>（</xsl:text>
      <xsl:value-of select="bytes"/>
      <xsl:text> 字节）</xsl:text>
      <br/>
      <span class="label">SHA-256：</span>
      <span class="digest"><xsl:value-of select="sha256"/></span>
      <br/>
      <span class="label">SM3：</span>
      <span class="digest">
        <xsl:call-template name="or-blank">
          <xsl:with-param name="value" select="sm3"/>
        </xsl:call-template>
      </span>
    </td>
  </tr>
</xsl:template>

</xsl:stylesheet>
